using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Feeds.Engine.Streams;
using Xunit;

namespace Feeds.Tests.Engine.Streams;

public sealed class RolloverTests
{
    private readonly StreamWatch _depth = Watch(StreamKind.PartialDepth);
    private readonly StreamWatch _trades = Watch(StreamKind.Trades);
    private readonly Dictionary<StreamName, long> _before = [];
    private readonly StreamPulses _old = new();
    private readonly StreamPulses _first = new();

    [Fact]
    public void Nothing_heard_on_the_new_connection_confirms_nothing() => Assert.False(IsConfirmed);

    [Fact]
    public void A_new_connection_is_confirmed_when_the_old_one_has_brought_its_first_messages_too()
    {
        Old(StreamKind.PartialDepth, 90, 99);
        New(StreamKind.PartialDepth, 100);
        Assert.False(IsConfirmed);
        Old(StreamKind.PartialDepth, 90, 100);
        Assert.True(IsConfirmed);
    }

    [Fact]
    public void A_stream_that_speaks_on_the_old_connection_alone_holds_the_change_back()
    {
        Old(StreamKind.PartialDepth, 90, 101);
        New(StreamKind.PartialDepth, 100);
        Old(StreamKind.Trades, 7, 8);
        Assert.False(IsConfirmed);
        New(StreamKind.Trades, 8);
        Assert.True(IsConfirmed);
    }

    [Fact]
    public void A_quiet_stream_and_a_muted_one_do_not_hold_it_back()
    {
        Old(StreamKind.PartialDepth, 90, 101);
        New(StreamKind.PartialDepth, 100);
        Old(StreamKind.Trades, 7, 7);
        Assert.True(IsConfirmed);
        Old(StreamKind.Trades, 7, 8);
        _trades.MutedTime = 1;
        Assert.True(IsConfirmed);
    }

    [Fact]
    public void Streams_that_do_not_speak_on_either_connection_are_waited_for_and_then_let_go()
    {
        Old(StreamKind.Trades, 7, 7);
        Assert.False(IsConfirmed);
        Assert.True(Rollover.IsConfirmed([_depth, _trades], _before, _old, _first, isOver: true));
        Old(StreamKind.Trades, 7, 8);
        Assert.False(Rollover.IsConfirmed([_depth, _trades], _before, _old, _first, isOver: true));
    }

    private bool IsConfirmed => Rollover.IsConfirmed([_depth, _trades], _before, _old, _first);

    private static StreamWatch Watch(StreamKind kind) =>
        new(StreamName.For(Symbol.Parse("BTCUSDT"), kind), 0, GapPrior.Of(kind)!);

    private void Old(StreamKind kind, long before, long newest)
    {
        _before[StreamName.For(Symbol.Parse("BTCUSDT"), kind)] = before;
        _old[kind, 0] = newest;
    }

    private void New(StreamKind kind, long first) => _first[kind, 0] = first;
}
