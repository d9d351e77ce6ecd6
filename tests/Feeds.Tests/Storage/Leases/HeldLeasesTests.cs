using Feeds.Core.Market;
using Feeds.Storage.Leases;
using Xunit;

namespace Feeds.Tests.Storage.Leases;

public sealed class HeldLeasesTests
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");
    private readonly HeldLeases _held = new();

    [Fact]
    public void What_is_not_held_has_no_epoch()
    {
        Assert.Equal(0, _held.EpochOf(Btc));
        Assert.False(_held.Drop(new SymbolLease(Btc, "a@1", 3)));
    }

    [Fact]
    public void An_old_lease_does_not_drop_a_new_one()
    {
        _held.Hold(new SymbolLease(Btc, "a@1", 5));
        Assert.False(_held.Drop(new SymbolLease(Btc, "a@1", 3)));
        Assert.Equal(5, _held.EpochOf(Btc));
        Assert.True(_held.Drop(new SymbolLease(Btc, "a@1", 5)));
        Assert.Empty(_held.All);
    }

    [Fact]
    public void A_refused_write_drops_its_lease_and_is_told_once()
    {
        SymbolLease lease = new(Btc, "a@1", 5);
        List<SymbolLease> told = [];
        _held.Fenced += told.Add;
        _held.Hold(lease);
        _held.Refused(lease);
        _held.Refused(lease);
        Assert.False(_held.Holds(lease));
        Assert.Equal([lease], told);
        Assert.Equal(2, _held.FencedWrites);
    }
}
