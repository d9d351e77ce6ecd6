using System.Globalization;
using System.Text;
using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Feeds.Engine.Books;
using Feeds.Engine.Context;
using Feeds.Engine.Streams;
using Feeds.Engine.Symbols;
using Feeds.Tests.Actors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine.Streams;

public sealed class StreamRouterTests
{
    [Fact]
    public async Task A_symbol_that_fails_while_its_connection_waits_for_its_mailbox_lets_the_connection_go()
    {
        await using EngineFixture fixture = new();
        SymbolEntry failing = fixture.Add("BTCUSDT", dataCapacity: 2);
        SymbolEntry other = fixture.Add("ETHUSDT");
        StreamGroup group = new(
            "market-1", StreamEndpoint.For(new Uri("ws://127.0.0.1:1"), StreamRoute.Market), new StreamTotals());
        using StreamRouter router = new(
            new MessageDecoder(fixture.Symbols.Table, fixture.Books),
            fixture.Symbols,
            group,
            new ContextFeed(null!, fixture.Context),
            new CertifiedBooks(fixture.Books, 20, 3, NullLogger.Instance),
            static (_, _) => default,
            fixture.Clock,
            NullLogger.Instance);

        // The actor stands still in the middle of a message; its mailbox fills, and the connection waits.
        bool isStill = false;
        bool goesOn = false;
        fixture.Applied = (symbol, e) =>
        {
            if (e.Kind == EventKind.ClockOffset)
            {
                Volatile.Write(ref isStill, true);
                SpinWait.SpinUntil(() => Volatile.Read(ref goesOn), TimeSpan.FromSeconds(60));
                throw new InvalidOperationException($"{symbol} fails");
            }
        };
        failing.Actor.Tell(new SymbolMessage(MarketEvent.ForClockOffset(0, EngineFixture.Start)));
        await Eventually.True(() => Volatile.Read(ref isStill), "the actor stands still");
        Task? waiting = null;
        for (int id = 1; id <= 4 && waiting is null; id++)
        {
            ValueTask routed = Route(router, "BTCUSDT", id);
            waiting = routed.IsCompleted ? null : routed.AsTask();
        }

        Assert.NotNull(waiting);

        // It fails: its mailbox stays full until it is back, and that is not the connection's matter.
        Volatile.Write(ref goesOn, true);
        await Eventually.True(() => failing.Actor.State == ActorState.Backoff, "it failed");
        await Eventually.True(
            () =>
            {
                fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
                return waiting.IsCompletedSuccessfully;
            },
            "the connection goes on");
        await Route(router, "ETHUSDT", 1);
        await Eventually.True(() => other.Gauges.HighestTradeId == 1, "the other symbol has its trade");
        Assert.Equal(ActorState.Backoff, failing.Actor.State);
    }

    [Fact]
    public async Task A_context_that_fails_while_a_connection_waits_for_its_mailbox_lets_the_connection_go()
    {
        await using EngineFixture fixture = new();
        SymbolEntry symbol = fixture.Add("BTCUSDT");
        StreamGroup group = new(
            "market-1", StreamEndpoint.For(new Uri("ws://127.0.0.1:1"), StreamRoute.Market), new StreamTotals());
        StillActor still = new();
        ActorRef<ContextMessage> context = fixture.System.ActorOf(
            new Props<ContextMessage>(() => still)
            {
                Mailbox = new MailboxOptions<ContextMessage> { DataCapacity = 2 },
                Supervision = new SupervisorStrategy { Backoff = new Backoff { Min = TimeSpan.FromMinutes(1) } },
            },
            "context");
        using StreamRouter router = new(
            new MessageDecoder(fixture.Symbols.Table, fixture.Books),
            fixture.Symbols,
            group,
            new ContextFeed(context, fixture.Context),
            new CertifiedBooks(fixture.Books, 20, 3, NullLogger.Instance),
            static (_, _) => default,
            fixture.Clock,
            NullLogger.Instance);

        Task? waiting = null;
        for (int minute = 0; minute < 8 && waiting is null; minute++)
        {
            ValueTask routed = RouteBar(router, minute);
            waiting = routed.IsCompleted ? null : routed.AsTask();
            await Eventually.True(() => still.IsStill, "the context stands still");
        }

        Assert.NotNull(waiting);
        still.Fails.SetResult();
        await Eventually.True(() => context.State == ActorState.Backoff, "it failed");
        await Eventually.True(
            () =>
            {
                fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
                return waiting.IsCompletedSuccessfully;
            },
            "the connection goes on");
        Assert.Equal(ActorState.Backoff, context.State);
        await Eventually.True(() => symbol.Gauges.NewestBarTime > 0, "the symbol has its bar");
    }

    private static ValueTask RouteBar(StreamRouter router, int minute)
    {
        long open = (EngineFixture.Start / 60_000 * 60_000) - (60_000L * (20 - minute));
        string data = $$"""
            "e":"kline","E":{{open + 60_000}},"s":"BTCUSDT","k":{"t":{{open}},"T":{{open + 59_999}},"s":"BTCUSDT","i":"1m","f":1,"L":2,
            "o":"1","c":"1","h":"1","l":"1","v":"2","n":2,"x":true,"q":"2","V":"1","Q":"1","B":"0"}
            """;
        byte[] frame = Encoding.UTF8.GetBytes("{\"stream\":\"btcusdt@kline_1m\",\"data\":{" + data + "}}");
        byte[] padded = [.. frame, .. new byte[StreamConnection.TailBytes]];
        return router.RouteAsync(padded.AsSpan(0, frame.Length), open + 60_000, CancellationToken.None);
    }

    private static ValueTask Route(StreamRouter router, string symbol, int id)
    {
        string data = string.Create(
            CultureInfo.InvariantCulture,
            $"\"e\":\"aggTrade\",\"E\":{EngineFixture.Start},\"a\":{id},\"s\":\"{symbol}"
            + $"\",\"p\":\"180.15\",\"q\":\"4.0\","
            + $"\"nq\":\"3.5\",\"f\":1,\"l\":1,\"T\":{EngineFixture.Start},\"m\":true,\"st\":1");
        byte[] frame = Encoding.UTF8.GetBytes(
            "{\"stream\":\"" + symbol.ToLowerInvariant() + "@aggTrade\",\"data\":{" + data + "}}");
        byte[] padded = [.. frame, .. new byte[StreamConnection.TailBytes]];
        return router.RouteAsync(padded.AsSpan(0, frame.Length), EngineFixture.Start, CancellationToken.None);
    }

    /// <summary>Stands still in the middle of its first message, and then fails.</summary>
    private sealed class StillActor : Actor<ContextMessage>
    {
        private bool _isStill;

        public bool IsStill => Volatile.Read(ref _isStill);

        public TaskCompletionSource Fails { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async ValueTask Receive(ContextMessage message, CancellationToken stopping)
        {
            Volatile.Write(ref _isStill, true);
            await Fails.Task;
            throw new InvalidOperationException("the context fails");
        }
    }
}
