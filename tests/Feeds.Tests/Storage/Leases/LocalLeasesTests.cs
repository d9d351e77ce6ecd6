using Feeds.Core.Market;
using Feeds.Storage.Leases;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Leases;

public sealed class LocalLeasesTests : IDisposable
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");
    private static readonly Symbol Eth = Symbol.Parse("ETHUSDT");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Epochs_rise_with_each_start()
    {
        var epochs = new List<long>();
        for (int i = 0; i < 3; i++)
        {
            await using var leases = Open();
            var taken = await leases.TakeAsync([Btc, Eth], TestContext.Current.CancellationToken);
            Assert.Equal(2, taken.Count);
            Assert.All(taken, lease => Assert.Equal(leases.NodeId, lease.Owner));
            epochs.Add(Assert.Single(taken.Select(lease => lease.Epoch).Distinct()));
        }

        Assert.Equal([1, 2, 3], epochs);
    }

    [Fact]
    public async Task A_symbol_is_taken_once_until_it_is_released_or_left()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var leases = Open();
        var taken = await leases.TakeAsync([Btc], cancel);
        Assert.Empty(await leases.TakeAsync([Btc], cancel));
        await leases.ReleaseAsync(taken, cancel);
        Assert.Single(await leases.TakeAsync([Btc], cancel));
        Assert.Equal([leases.NodeId, null], (await leases.RenewAsync(cancel)).Symbols.Select(lease => lease.Owner));

        await leases.LeaveAsync(cancel);
        Assert.Empty(await leases.TakeAsync([Btc, Eth], cancel));
    }

    [Fact]
    public async Task The_watched_set_can_grow_and_shrink()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var leases = Open();
        Assert.False(await leases.AddSymbolAsync(Btc, cancel));
        Assert.True(await leases.AddSymbolAsync(Symbol.Parse("SOLUSDT"), cancel));
        Assert.True(await leases.RemoveSymbolAsync(Eth, cancel));
        Assert.False(await leases.RemoveSymbolAsync(Eth, cancel));
        Assert.Equal(
            ["BTCUSDT", "SOLUSDT"], (await leases.RenewAsync(cancel)).Symbols.Select(lease => lease.Symbol.Text));
    }

    private LocalLeases Open() =>
        LocalLeases.Open(Path.Combine(_folder.Path, "epoch.json"), "a", [Btc, Eth], new ManualTimeProvider());
}
