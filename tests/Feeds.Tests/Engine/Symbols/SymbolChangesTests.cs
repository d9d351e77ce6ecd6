using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Tests.Storage;
using Xunit;

namespace Feeds.Tests.Engine.Symbols;

public sealed class SymbolChangesTests
{
    private static readonly Symbol[] Configured = [Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT")];

    [Fact]
    public void Changes_are_kept_over_a_restart_and_apply_over_the_configured_list()
    {
        using TemporaryFolder folder = new();
        SymbolChanges changes = SymbolChanges.Open(folder.Path);
        changes.Add(Symbol.Parse("币安人生USDT"));
        changes.Add(Symbol.Parse("SOLUSDT"));
        changes.Remove(Symbol.Parse("BTCUSDT"));
        changes.Remove(Symbol.Parse("SOLUSDT"));
        SymbolChanges again = SymbolChanges.Open(folder.Path);
        Assert.Equal(["ETHUSDT", "币安人生USDT"], again.Apply(Configured).Select(symbol => symbol.Text));
    }

    [Fact]
    public void A_symbol_that_was_removed_and_added_again_is_watched_once()
    {
        using TemporaryFolder folder = new();
        SymbolChanges changes = SymbolChanges.Open(folder.Path);
        changes.Remove(Configured[0]);
        changes.Add(Configured[0]);
        changes.Add(Configured[0]);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], changes.Apply(Configured).Select(symbol => symbol.Text).Order());
    }

    [Fact]
    public void A_damaged_file_is_refused_with_its_name()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "symbols.json"), "{ half");
        StorageException refused = Assert.Throws<StorageException>(() => SymbolChanges.Open(folder.Path));
        Assert.Contains("symbols.json", refused.Message, StringComparison.Ordinal);
    }
}
