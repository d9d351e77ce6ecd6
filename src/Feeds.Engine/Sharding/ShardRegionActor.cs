using Feeds.Actors;
using Feeds.Storage;
using Feeds.Storage.Leases;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Sharding;

/// <summary>
/// Keeps this node's lease, and its symbols where they belong: renews, looks at what the referee shows, takes what the
/// node should have and gives up what it should not. Renewals go on while symbols move; one batch of moves at a time.
/// </summary>
internal sealed partial class ShardRegionActor : Actor<ShardMessage>
{
    private readonly ILeases _leases;
    private readonly HeldLeases _held;
    private readonly LeaseDeadline _deadline;
    private readonly Func<IShards> _shards;
    private readonly ShardOptions _options;
    private readonly ShardGauges _gauges;
    private readonly RegionOutcome _outcome;
    private readonly ILogger _logger;
    private readonly Placement _placement;
    private readonly List<(long Mark, Reply<bool> Done)> _waiting = [];
    private readonly List<SymbolLease> _lost = [];
    private bool _renewing;
    private bool _renewAgain;
    private bool _moving;
    private long _movedMark = long.MinValue;
    private int _failures;
    private TaskCompletionSource? _cut;
    private ShardMessage.Drain? _drain;
    private bool _handing;

    public ShardRegionActor(
        ILeases leases,
        HeldLeases held,
        LeaseDeadline deadline,
        Func<IShards> shards,
        ShardOptions options,
        ShardGauges gauges,
        RegionOutcome outcome,
        ILogger logger)
    {
        _leases = leases;
        _held = held;
        _deadline = deadline;
        _shards = shards;
        _options = options;
        _gauges = gauges;
        _outcome = outcome;
        _logger = logger;
        _placement = new Placement(leases.NodeId, options);
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        _held.Fenced += OnFenced;
        Context.ScheduleRepeatedly(_options.RenewalPeriod, _options.RenewalPeriod, new ShardMessage.Due());
        Listen();
        return default;
    }

    protected override ValueTask PostStop()
    {
        _held.Fenced -= OnFenced;
        return default;
    }

    protected override ValueTask Receive(ShardMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case ShardMessage.Due:
                Renew();
                break;
            case ShardMessage.Changed:
                Renew();
                Listen();
                break;
            case ShardMessage.Refresh refresh:
                _waiting.Add((_deadline.Mark(), refresh.Done));
                Renew();
                break;
            case ShardMessage.Drain drain:
                _drain = drain;
                if (_moving)
                {
                    _cut!.TrySetResult();
                }
                else
                {
                    HandAllOver();
                }

                break;
            case ShardMessage.Renewed renewed:
                OnRenewed(renewed.Mark, renewed.View);
                break;
            case ShardMessage.RenewalFailed failed:
                OnRenewalFailed(failed.Failure);
                break;
            case ShardMessage.Refused refused:
                Log.WriteRefused(_logger, refused.Lease.Symbol.Text, refused.Lease.Epoch);
                _gauges.AddLost(1);
                _lost.Add(refused.Lease);
                Move(PlacementPlan.None);
                break;
            case ShardMessage.Moved moved:
                OnMoved(moved.Failure);
                break;
            default:
                break;
        }

        return default;
    }

    protected override object? Inspect() => _gauges.View;

    private void OnFenced(SymbolLease lease) => Context.Self.Tell(new ShardMessage.Refused(lease));

    private void Renew()
    {
        if (_renewing)
        {
            _renewAgain = true;
            return;
        }

        _renewing = true;
        long mark = _deadline.Mark();
        Context.PipeToSelf(
            RenewAsync, view => new ShardMessage.Renewed(mark, view), static e => new ShardMessage.RenewalFailed(e));
    }

    // An answer that does not come must not keep the next try from being made.
    private async Task<ClusterView> RenewAsync(CancellationToken stopping)
    {
        using CancellationTokenSource limit = new(_options.RenewalTimeout, Context.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        return await _leases.RenewAsync(either.Token);
    }

    private void Listen() => Context.PipeToSelf(
        async stopping =>
        {
            try
            {
                await _leases.WaitForChangeAsync(stopping);
            }
            catch (StorageException)
            {
                // The renewals tell of a referee that is away; they are the net under this.
                await Task.Delay(_options.RenewalPeriod, Context.TimeProvider, stopping);
            }
        },
        static () => new ShardMessage.Changed(),
        static _ => new ShardMessage.Changed());

    private void OnRenewed(long mark, ClusterView view)
    {
        _renewing = false;
        _deadline.Renewed(mark);
        _gauges.Seen(view);
        _placement.Saw(view);
        if (_failures > 0)
        {
            Log.LeaseRenewedAgain(_logger, _failures);
            _failures = 0;
        }

        Act(mark, view);
        if (_renewAgain)
        {
            _renewAgain = false;
            Renew();
        }
    }

    private void Act(long mark, ClusterView view)
    {
        if (view.Members.Any(member => member.NodeId == _leases.NodeId && member.IsDraining))
        {
            _outcome.Draining.TrySetResult();
            return;
        }

        if (_drain is not null)
        {
            return;
        }

        // A view from before the last move would say that what was taken since is not ours, and what was given up still
        // is.
        if (_moving || mark < _movedMark)
        {
            _renewAgain |= !_moving;
            return;
        }

        IReadOnlySet<SymbolLease> running = _shards().Running;
        PlacementPlan plan = _placement.Next(view, _held.All, running);
        foreach (SymbolLease lease in plan.Lost.Where(_held.Drop))
        {
            Log.LeaseLost(_logger, lease.Symbol.Text, lease.Epoch);
            _gauges.AddLost(1);
        }

        // Lost just now, or by a refused write whose message is still behind this one.
        _lost.AddRange(running.Where(lease => !_held.Holds(lease)).Except(_lost));

        if (!Move(plan))
        {
            Answer(mark);
            _outcome.Placed.TrySetResult();
        }
    }

    private void OnRenewalFailed(Exception failure)
    {
        _renewing = false;
        switch (failure)
        {
            case var _ when _drain is not null:
                return;
            case NodeAliveException alive when _outcome.MayWaitFor(alive, Context.TimeProvider):
                Log.NameIsTaken(_logger, alive.NodeId, alive.ExpiresIn.TotalSeconds);
                Context.ScheduleOnce(alive.ExpiresIn + _options.RetryDelay, new ShardMessage.Due());
                return;
            case NodeAliveException or LeaseLostException or RefereeWentBackException:
                _deadline.End();
                _outcome.Fail(failure);
                return;
            case StorageException or OperationCanceledException:
                string reason = failure is StorageException ? failure.Message : "no answer in time";
                if (_failures++ == 0)
                {
                    Log.LeaseNotRenewed(_logger, reason);
                }

                _gauges.Failed(reason);
                Context.ScheduleOnce(_options.RetryDelay, new ShardMessage.Due());
                return;
            default:
                _outcome.Fail(failure);
                return;
        }
    }

    private void Answer(long mark)
    {
        foreach ((long asked, Reply<bool> done) in _waiting.Where(each => each.Mark <= mark).ToArray())
        {
            done.TrySet(true);
            _waiting.Remove((asked, done));
        }
    }
}
