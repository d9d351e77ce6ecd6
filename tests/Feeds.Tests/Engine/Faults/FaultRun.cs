using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Engine.Streams;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Xunit;

namespace Feeds.Tests.Engine.Faults;

/// <summary>
/// One drawn run: a node learns what is normal, everything goes wrong, the venue is well again, and then accounts are
/// settled.
/// </summary>
internal sealed class FaultRun(FaultDraw draw)
{
    private const double LearnSeconds = 75;

    // Until the last fault is over, whatever is drawn.
    private const double FaultSeconds = 95;

    private readonly List<DrawnFault> _begun = [];

    public async Task RunAsync()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            draw.Symbols,
            venue => venue with { ClockOffset = draw.ClockOffset, Seed = (ulong)draw.Seed + 1 },
            node => node with
            {
                MaxStreamsPerConnection = draw.MaxStreams,
                Seed = draw.Seed,
                CertifiedBook = draw.IsCertified
            });
        await fixture.RunAsync(LearnSeconds);
        await MisbehaveAsync(fixture);

        // A ban lasts up to 70 s, a block is tried after ten minutes, a connection after at most a minute.
        double patience = draw.IsBlocked ? 900 : 240;
        for (long begin = fixture.Now; WhatIsWrong(fixture) is { } wrong; await fixture.RunAsync(1))
        {
            Assert.True(fixture.Now - begin < patience * 1000, $"not well again after {patience} s: {wrong}");
        }

        await fixture.RunAsync(75);
        string? later = WhatIsWrong(fixture);
        Assert.True(later is null, $"well again, and then not: {later}");

        Streams(fixture);
        Requests(fixture.Venue.Ledger.Requests);
        Actors(fixture.Node.Actors.Tree());
        foreach (DrawnFault mute in _begun.Where(static fault => fault.Fault.Kind == FaultKind.Mute))
        {
            Found(fixture, mute);
        }

        foreach (string symbol in draw.Symbols)
        {
            FaultLedger.Holds(
                fixture, symbol, gaps: true, books: !draw.IsCertified,
                excused: (feed, time) => IsExcused(symbol, feed, time));
            Assert.DoesNotContain(fixture.Applied(symbol), static e => e.Gap is { Feed: Feed.Trades });
        }

        await fixture.StopAsync();
        RowCheck.Holds(fixture);
        BookCheck.Holds(fixture);
    }

    private async Task MisbehaveAsync(NodeFixture fixture)
    {
        long begin = fixture.Now;
        List<(double At, Action Do)> plan = [.. draw.Faults.Select(
            fault => (fault.At.TotalSeconds, (Action)(() => Begin(fixture, fault))))];
        if (draw.Halted is { } halted)
        {
            plan.Add((draw.HaltedFrom, () => fixture.Venue.SetStatus(halted, "TRADING_HALT")));
            plan.Add((draw.HaltedFrom + draw.HaltedFor, () => fixture.Venue.SetStatus(halted, "TRADING")));
        }

        foreach ((double at, Action act) in plan.OrderBy(static each => each.At))
        {
            await fixture.RunAsync(at - ((fixture.Now - begin) / 1000.0));
            act();
        }

        await fixture.RunAsync(FaultSeconds - ((fixture.Now - begin) / 1000.0));
    }

    private void Begin(NodeFixture fixture, Fault fault)
    {
        long limitMs = 0;
        if (fault is { Symbol: { } symbol, Stream: { } stream })
        {
            StreamWatch? watch = fixture.Node.Parts.Streams.Groups.All.SelectMany(static group => group.Judge.Watches)
                .FirstOrDefault(
                each => each.Name.Symbol?.Text == symbol
                    && each.Name.Text.Contains("@" + stream, StringComparison.Ordinal));
            limitMs = watch?.Model.LimitMs ?? 0;
        }

        fixture.Venue.Inject(fault with { At = TimeSpan.Zero });
        _begun.Add(
            new DrawnFault(fault, fixture.Now, fixture.Now + (long)fault.Duration!.Value.TotalMilliseconds, limitMs));
    }

    private static string? WhatIsWrong(NodeFixture fixture)
    {
        NodeStatus status = fixture.Node.Status();
        return status.Streams.FirstOrDefault(static stream => !stream.Connected) is { } closed
            ? $"{closed.Name} is not connected: {closed.LastError}"
            : status.Symbols.FirstOrDefault(static symbol => symbol.Health != SymbolHealth.Ok) is { } bad
            ? $"{bad.Symbol} is {bad.Health}"
            : status.Symbols.FirstOrDefault(static symbol => symbol.LastRow is not { } row || row.SourceErrors
                .Split(';', StringSplitOptions.RemoveEmptyEntries).Any(
                    static error => error != "clock:skew")) is { } named
            ? $"{named.Symbol} says {named.LastRow?.SourceErrors}"
            : fixture.Node.Parts.Symbols.Entries.FirstOrDefault(
                static entry => entry.Gauges.MissingTrades.Count > 0) is { } lacking
            ? $"{lacking.Symbol} lacks trades {string.Join(' ', lacking.Gauges.MissingTrades)}"
            : null;
    }

    // The venue's rules for connections, none of which costs a warning only.
    private static void Streams(NodeFixture fixture)
    {
        LedgerNote[] notes = [.. fixture.Venue.Ledger.Notes];
        Assert.DoesNotContain(notes, static note => note.What.Contains("1008", StringComparison.Ordinal));
        long[] opened = [.. notes.Where(static note => note.What.StartsWith("opened", StringComparison.Ordinal)).Select(
            static note => note.Time)];
        Assert.All(opened, from => Assert.InRange(opened.Count(time => time >= from && time < from + 300_000), 1, 300));
    }

    private static void Requests(IReadOnlyList<LedgerRequest> requests)
    {
        Assert.DoesNotContain(requests, static request => request.IsOverLimit);
        foreach (LedgerRequest refusal in requests.Where(static request => request.Status is 429 or 418 or 403 or 451))
        {
            // What was under way when the venue said so is no offence: it came within the same moment.
            long heard = refusal.AnswerTime + 300;
            long until = refusal.AnswerTime + refusal.Status switch
            {
                403 or 451 => 590_000,
                _ => (refusal.RetryAfterSeconds > 0 ? refusal.RetryAfterSeconds * 1000L : 10_000) - 1_000,
            };
            LedgerRequest[] sent = [.. requests.Where(request => request.Time > heard && request.Time < until)];
            Assert.True(
                sent.Length == 0,
                $"{sent.Length} requests while {refusal.Path} had been answered {refusal.Status} "
                + $"({refusal.RetryAfterSeconds} s): first {sent.FirstOrDefault().Path} after "
                + $"{sent.FirstOrDefault().Time - refusal.AnswerTime} ms");
        }
    }

    // Connections may fail as often as they are broken; nothing else may.
    private static void Actors(ActorNode node)
    {
        Assert.True(
            node.Restarts == 0 || node.Path.Contains("streams/", StringComparison.Ordinal),
            $"{node.Path} failed: {node.LastFailure}");
        foreach (ActorNode child in node.Children)
        {
            Actors(child);
        }
    }

    private void Found(NodeFixture fixture, DrawnFault mute)
    {
        Feed feed = FeedOf(mute.Fault.Stream!);
        string symbol = mute.Fault.Symbol!;
        if (draw.Halted == symbol)
        {
            return;
        }

        // Three expected gaps, at least five seconds; it is looked each second, and once more after a break of our own.
        long within = mute.LimitMs + 3_000;
        long from = mute.Begin;
        bool isUp = true;
        foreach (AppliedEvent e in fixture.Applied(symbol).Where(
            e => e.Feed == feed && e.Kind is EventKind.FeedConnected or EventKind.FeedDisconnected))
        {
            if (e.ReceiveTime < mute.Begin)
            {
                isUp = e.Kind == EventKind.FeedConnected;
            }
            else if (e.Kind == EventKind.FeedConnected)
            {
                from = isUp ? from : e.ReceiveTime;
                isUp = true;
            }
            else if (e.ReceiveTime <= Math.Min(from, mute.End) + within)
            {
                return;
            }
            else
            {
                break;
            }
        }

        Assert.True(
            !isUp || mute.End - from <= within,
            $"{symbol} {feed} was mute for {mute.End - mute.Begin} ms and not found, limit {mute.LimitMs}");
    }

    // What the venue itself kept back, damaged or delivered out of order of a stream without numbers, nobody can know
    // of.
    private bool IsExcused(string symbol, Feed feed, long eventTime)
    {
        long offset = (long)draw.ClockOffset.TotalMilliseconds;
        return _begun.Exists(fault => fault.Fault.Symbol == symbol && FeedOf(fault.Fault.Stream!) == feed
            && fault.Fault.Kind != FaultKind.Duplicate
            && eventTime >= fault.Begin + offset - 1_000 && eventTime <= fault.End + offset + 6_000);
    }

    private static Feed FeedOf(string stream) => stream switch
    {
        "aggTrade" => Feed.Trades,
        "depth20" or "depth@100ms" => Feed.Depth,
        "markPrice" => Feed.Mark,
        _ => Feed.Bars,
    };

    /// <summary>A fault that began.</summary>
    /// <param name="Fault">What was drawn.</param>
    /// <param name="Begin">When it began, epoch ms by our clock.</param>
    /// <param name="End">When it ended.</param>
    /// <param name="LimitMs">After how long a silence its stream would have been called dead when it began.</param>
    private sealed record DrawnFault(Fault Fault, long Begin, long End, long LimitMs);
}
