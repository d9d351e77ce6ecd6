using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Engine.Rows;
using Feeds.Engine.Streams;
using Feeds.Engine.Symbols;
using Feeds.Storage.Journals;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>Starts and stops the symbols of a node: their actors, their streams, what is durable of them.</summary>
internal sealed class NodeShards(
    NodeStore store,
    NodeOptions options,
    SymbolSet symbols,
    ActorRef<SymbolsMessage> actors,
    RowOutlet rows,
    NodeStreams streams,
    TimeProvider time) : IShards, IDisposable
{
    private static readonly TimeSpan AddTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SaveTimeout = TimeSpan.FromSeconds(5);

    // A tick that is near is waited for, so that its row needs no other owner; and a little after it, for it to arrive.
    private static readonly TimeSpan NearTick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterTick = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _changing = new(1, 1);
    private bool _hasSources;

    /// <summary>Starts what events come from; symbols that start later ask for their streams themselves.</summary>
    public async Task StartSourcesAsync(Action start, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            start();
            _hasSources = true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public IReadOnlySet<SymbolLease> Running =>
        symbols.Entries.Select(static entry => entry.Lease).OfType<SymbolLease>().ToHashSet();

    /// <inheritdoc/>
    public async Task StartAsync(
        IReadOnlyList<SymbolLease> leases, bool handedOver, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            SymbolLease[] taken = InOrder(leases);
            Symbol[] names = [.. taken.Select(static lease => lease.Symbol)];
            await store.RefreshAsync(names, cancellationToken);
            await store.Journal.PrepareAsync(names, cancellationToken);
            foreach (SymbolLease lease in taken)
            {
                await StartAsync(lease, handedOver, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task HandOverAsync(
        IReadOnlyList<SymbolLease> leases, bool keepStates, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            SymbolEntry[] entries = Entries(leases);
            if (keepStates && entries.Length > 0)
            {
                await TickAsync(cancellationToken);
            }

            long position = store.Journal.Position;
            List<SymbolSnapshot> states = [];
            foreach (SymbolEntry entry in entries)
            {
                await ForgetAsync(entry, cancellationToken);
                if (keepStates && await SaveAsync(entry, cancellationToken) is { } state)
                {
                    states.Add(state);
                }
            }

            await StopAsync(entries, StopMode.Drained, cancellationToken);
            await rows.WrittenAsync(cancellationToken);
            await store.Journal.FlushAsync(cancellationToken);
            if (states.Count > 0)
            {
                await store.Journal.KeepAsync(position, states, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task DropAsync(IReadOnlyList<SymbolLease> leases, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return;
        }

        await _changing.WaitAsync(cancellationToken);
        try
        {
            SymbolEntry[] entries =
                [.. Entries(leases).Where(entry => entry.Lease is { } lease && leases.Contains(lease))];
            foreach (SymbolEntry entry in entries)
            {
                await ForgetAsync(entry, cancellationToken);
            }

            await StopAsync(entries, StopMode.Now, cancellationToken);

            // What it computed passes the sinks before the symbol can come back under a new epoch, and is discarded
            // there.
            await rows.WrittenAsync(cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Waits for the next tick when it is near, so that its rows are made before the symbols stop.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        long now = Now();
        TimeSpan left = TimeSpan.FromMilliseconds(TickGrid.Next(now, (long)options.Interval.TotalMilliseconds) - now);
        if (left <= NearTick)
        {
            await Task.Delay(left + AfterTick, time, cancellationToken);
        }
    }

    public void Dispose() => _changing.Dispose();

    private SymbolEntry[] Entries(IReadOnlyList<SymbolLease> leases) =>
        [.. leases.Select(lease => symbols.Find(lease.Symbol)).OfType<SymbolEntry>()];

    // Rows of a tick are written in the order of the configured symbols, then of the others'.
    private SymbolLease[] InOrder(IReadOnlyList<SymbolLease> leases)
    {
        List<Symbol> configured = [.. options.Symbols];
        return [.. leases.OrderBy(
            lease => configured.IndexOf(lease.Symbol) is >= 0 and var place ? place : int.MaxValue)];
    }

    private async Task StartAsync(SymbolLease lease, bool handedOver, CancellationToken cancellationToken)
    {
        if (symbols.Find(lease.Symbol) is not null)
        {
            return;
        }

        SymbolEntry entry = new(lease.Symbol, new SymbolGauges())
        {
            Lease = lease,
            IsHandedOver = handedOver,
            StartTime = Now(),
        };
        await actors.Ask<bool>(done => new SymbolsMessage.Add(entry, done), AddTimeout, cancellationToken);
        symbols.Add(entry);

        // The ticker told it none before: one that fell between its start and this is told now.
        long tick = TickGrid.AtOrBefore(Now(), (long)options.Interval.TotalMilliseconds);
        if (handedOver && tick > entry.StartTime)
        {
            await entry.Actor.TellAsync(new SymbolMessage(MarketEvent.ForTick(tick, Now())), cancellationToken);
        }

        if (_hasSources)
        {
            await streams.AddAsync(entry, Now(), cancellationToken);
        }
    }

    private async Task ForgetAsync(SymbolEntry entry, CancellationToken cancellationToken)
    {
        symbols.Remove(entry);
        if (_hasSources)
        {
            await streams.RemoveAsync(entry.Symbol, cancellationToken);
        }
    }

    private static async Task<SymbolSnapshot?> SaveAsync(SymbolEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await entry.Actor.Ask<SymbolSnapshot>(
                reply => new SymbolMessage(default, reply), SaveTimeout, cancellationToken);
        }
        catch (Exception failure) when (failure is AskTimeoutException or ActorStoppedException)
        {
            // Its older snapshot and the journal hold it.
            return null;
        }
    }

    private async Task StopAsync(SymbolEntry[] entries, StopMode mode, CancellationToken cancellationToken)
    {
        foreach (SymbolEntry entry in entries)
        {
            await actors.TellAsync(new SymbolsMessage.Remove(entry, mode), cancellationToken);
        }

        Task all = Task.WhenAll(entries.Select(static entry => entry.Actor.Stopped));
        try
        {
            await all.WaitAsync(StopTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It waits for a storage that takes nothing: what is in its mailbox is lost to it, as in a crash.
            foreach (SymbolEntry entry in entries)
            {
                await actors.TellAsync(new SymbolsMessage.Remove(entry, StopMode.Now), cancellationToken);
            }

            await all.WaitAsync(cancellationToken);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
