using Feeds.Core.Market;
using Feeds.Core.Symbols;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

public sealed class SymbolStateTests
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");

    [Fact]
    public void Rows_agree_with_a_slow_recomputation_from_all_events() =>
        Prop.ForAll<int>(seed =>
        {
            RandomMarket market = new(seed);
            SymbolState state = new(Btc);
            ReferenceRow reference = new(Btc);
            int ticks = 0;
            for (int i = 0; i < 600; i++)
            {
                MarketEvent e = market.Next();
                if (state.Admit(e) != Admission.Accepted)
                {
                    continue;
                }

                reference.Add(e);
                if (state.Apply(e) is { } rows)
                {
                    ReferenceRow.AssertEqual(reference.Row(), rows.Feed);
                    ticks++;
                }
            }

            Assert.InRange(ticks, 5, 100);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Refused_events_leave_no_trace() =>
        Prop.ForAll<int>(seed =>
        {
            RandomMarket market = new(seed);
            RandomMarket broken = new(seed + 1);
            SymbolState clean = new(Btc);
            SymbolState harassed = new(Btc);
            for (int i = 0; i < 200; i++)
            {
                MarketEvent bad = broken.NextBroken();
                Admission refused = harassed.Admit(bad);
                Assert.True(refused.IsRejection(), $"{bad.Kind}: {refused}");
                MarketEvent e = market.Next();
                Assert.Equal(clean.Admit(e), harassed.Admit(e));
                if (clean.Admit(e) == Admission.Accepted)
                {
                    Assert.Equal(clean.Apply(e), harassed.Apply(e));
                }
            }

            Assert.Equal(StateFingerprint.Of(clean), StateFingerprint.Of(harassed));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_fingerprint_tells_states_apart()
    {
        SymbolState one = new(Btc);
        SymbolState other = new(Btc);
        Assert.Equal(StateFingerprint.Of(one), StateFingerprint.Of(other));
        other.Apply(MarketEvent.ForMark(1, 1, 100, 100, 0, 0));
        Assert.NotEqual(StateFingerprint.Of(one), StateFingerprint.Of(other));
    }

    [Fact]
    public void An_applied_event_is_a_duplicate_the_second_time() =>
        Prop.ForAll<int>(seed =>
        {
            RandomMarket market = new(seed);
            SymbolState state = new(Btc);
            for (int i = 0; i < 300; i++)
            {
                MarketEvent e = market.Next();
                if (state.Admit(e) != Admission.Accepted)
                {
                    continue;
                }

                state.Apply(e);
                bool hasId = e.Kind is EventKind.Book or EventKind.Trade or EventKind.Mark or EventKind.Liquidation
                    or EventKind.Tick or EventKind.TickSkipped or EventKind.Funding
                    || (e.Kind == EventKind.OpenInterest && e.OpenInterest.PeriodMs > 0);
                if (hasId)
                {
                    Assert.Equal(Admission.Duplicate, state.Admit(e));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_late_liquidation_counts_at_its_own_time_and_a_later_one_only_in_the_count()
    {
        SymbolState state = new(Btc);
        long tick = RandomMarket.Start;
        state.Apply(MarketEvent.ForLiquidation(tick - 50_000, tick, Side.Sell, 100, 2, 2));
        state.Apply(MarketEvent.ForLiquidation(tick - 61_000, tick, Side.Sell, 100, 5, 5));
        state.Apply(MarketEvent.ForLiquidation(tick - 300_000, tick - 299_000, Side.Buy, 100, 9, 9));
        FeedRow row = state.Apply(MarketEvent.ForTick(tick, tick))!.Feed;
        Assert.Equal((200d, 0d, -1d), (row.LiqLongUsd, row.LiqShortUsd, row.LiqRatio));
        Assert.Equal(1, state.LateCount);
    }

    [Fact]
    public void A_book_older_than_its_limit_is_empty_and_named()
    {
        SymbolState state = new(Btc);
        long tick = RandomMarket.Start;
        Apply(state, MarketEvent.ForBook(tick, tick, 1, Books.BookMeasuresTests.Book([(99, 3)], [(101, 1)])));
        Assert.Equal(0.75, state.Apply(MarketEvent.ForTick(tick + 5_000, tick))!.Feed.ObiTop);
        FeedRow stale = state.Apply(MarketEvent.ForTick(tick + 6_000, tick))!.Feed;
        Assert.True(double.IsNaN(stale.ObiTop));
        Assert.Contains("depth:stale", stale.SourceErrors, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_an_absurd_scale_are_refused()
    {
        SymbolState state = new(Btc);
        Assert.Equal(Admission.InvalidPrice, state.Admit(MarketEvent.ForTrade(1, 1, 1, 1e300, 1, 1, Side.Buy)));
        Assert.Equal(Admission.InvalidQuantity, state.Admit(MarketEvent.ForTrade(1, 1, 1, 1, 1e300, 1, Side.Buy)));
        Assert.Equal(Admission.InvalidTime, state.Admit(MarketEvent.ForTrade(0, 1, 1, 1, 1, 1, Side.Buy)));
        Assert.Equal(
            Admission.InvalidTime,
            state.Admit(MarketEvent.ForMark(RandomMarket.Start + 86_400_001, RandomMarket.Start, 1, 1, 0, 0)));
        Assert.Equal(Admission.InvalidRecord, state.Admit(MarketEvent.ForMark(1, 1, 1, 1, double.PositiveInfinity, 0)));
    }

    private static void Apply(SymbolState state, in MarketEvent e)
    {
        Assert.Equal(Admission.Accepted, state.Admit(e));
        state.Apply(e);
    }
}
