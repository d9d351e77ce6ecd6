using Feeds.Core.Market;
using Feeds.Storage;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;

namespace Feeds.Engine.Sharding;

/// <summary>How symbols move.</summary>
internal sealed partial class ShardRegionActor
{
    private bool Move(PlacementPlan plan)
    {
        if (_moving || _drain is not null || (plan.IsEmpty && _lost.Count == 0))
        {
            return false;
        }

        SymbolLease[] lost = [.. _lost];
        _lost.Clear();
        Begin(stopping => MoveAsync(lost, plan, stopping));
        return true;
    }

    // One at a time, and one that is under way when the node is to stop is cut short: whatever it has come to, what is
    // held can be handed over from there.
    private void Begin(Func<CancellationToken, Task> move)
    {
        _moving = true;
        TaskCompletionSource cut = _cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Context.PipeToSelf(
            async stopping =>
            {
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                Task moving = move(either.Token);
                if (await Task.WhenAny(moving, cut.Task) != moving)
                {
                    await either.CancelAsync();
                }

                await moving;
            },
            static () => new ShardMessage.Moved(null),
            static e => new ShardMessage.Moved(e));
    }

    // The node stops: the others get its symbols at a tick, with all that is known of them, while its streams and the
    // rest still stand.
    private void HandAllOver()
    {
        IReadOnlyList<SymbolLease> held = _held.All;
        if (_drain is not { HandOver: true, Done: { } done })
        {
            _drain!.Done.TrySet(false);
        }
        else if (held.Count == 0)
        {
            done.TrySet(true);
        }
        else if (!_handing)
        {
            _handing = true;
            Begin(stopping => GiveUpAsync(held, keepStates: true, stopping));
        }
        else
        {
            done.TrySet(false);
        }
    }

    private async Task MoveAsync(SymbolLease[] lost, PlacementPlan plan, CancellationToken stopping)
    {
        await _shards().DropAsync(lost, stopping);
        await GiveUpAsync(plan.Unwatched, keepStates: false, stopping);
        await GiveUpAsync(plan.GiveUp, keepStates: true, stopping);
        await StartAsync(await TakeAsync(plan.TakeReleased, stopping), handedOver: true, stopping);
        await StartAsync([.. await TakeAsync(plan.TakeOver, stopping), .. plan.Adopt], handedOver: false, stopping);
    }

    private async Task GiveUpAsync(IReadOnlyList<SymbolLease> leases, bool keepStates, CancellationToken stopping)
    {
        if (leases.Count == 0)
        {
            return;
        }

        await _shards().HandOverAsync(leases, keepStates, stopping);
        foreach (SymbolLease lease in leases)
        {
            _held.Drop(lease);
        }

        await _leases.ReleaseAsync(leases, stopping);
        _gauges.AddHandedOver(leases.Count);
        Log.SymbolsHandedOver(_logger, leases.Count, Names(leases));
    }

    private async Task<IReadOnlyList<SymbolLease>> TakeAsync(
        IReadOnlyList<Symbol> symbols, CancellationToken stopping) =>
        symbols.Count == 0 ? [] : await _leases.TakeAsync(symbols, stopping);

    private async Task StartAsync(IReadOnlyList<SymbolLease> leases, bool handedOver, CancellationToken stopping)
    {
        if (leases.Count == 0)
        {
            return;
        }

        // When the start fails they are ours and do not run: the next view offers them again.
        foreach (SymbolLease lease in leases)
        {
            _held.Hold(lease);
        }

        await _shards().StartAsync(leases, handedOver, stopping);
        _gauges.AddTaken(leases.Count);
        Log.SymbolsTaken(_logger, leases.Count, Names(leases));
    }

    private void OnMoved(Exception? failure)
    {
        _moving = false;
        _movedMark = _deadline.Mark();
        if (_drain is not null)
        {
            if (failure is StorageException)
            {
                Log.MoveFailed(_logger, failure.Message);
            }

            HandAllOver();
            return;
        }

        // A database that does not answer is tried again from the start on; files that cannot be read stop the start.
        if (failure is StorageException and not StorageSuspectException
            && (failure is DatabaseException || _outcome.Placed.Task.IsCompleted))
        {
            Log.MoveFailed(_logger, failure.Message);
            Context.ScheduleOnce(_options.RetryDelay, new ShardMessage.Due());
            return;
        }

        if (failure is not null)
        {
            _outcome.Fail(failure);
            return;
        }

        // What came while they moved, and whether that is where all belongs now.
        Renew();
    }

    private static string Names(IReadOnlyList<SymbolLease> leases) =>
        string.Join(", ", leases.Select(static lease => lease.Symbol.Text));
}
