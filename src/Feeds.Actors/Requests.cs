namespace Feeds.Actors;

/// <summary>
/// What others want from an actor besides its messages: stop, restart, inspection, a child's failure. Looked at before
/// each message. Bounded: wishes are flags, a child fails once, and inspections are refused beyond a few.
/// </summary>
internal sealed class Requests
{
    private const int InspectionCapacity = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Exception> _failures = new();
    private readonly Queue<TaskCompletionSource<object?>> _inspections = new();
    private volatile bool _restart;
    private volatile bool _rest;
    private volatile bool _any;
    private volatile StopWish _stop;

    private enum StopWish
    {
        None,
        Drained,
        Now,
    }

    /// <summary>True when something waits to be taken, or a stop at once is wanted.</summary>
    public bool Any => _any;

    /// <summary>The wanted stop; null for none.</summary>
    public StopMode? Stop => _stop switch
    {
        StopWish.Drained => StopMode.Drained,
        StopWish.Now => StopMode.Now,
        _ => null,
    };

    /// <summary>True when an operator stopped the actor and did not want it back since.</summary>
    public bool Rest => _rest;

    /// <summary>True when it rests for an operator, or is wanted back already.</summary>
    public bool ComesBack => _rest || _restart;

    public void AddStop(StopMode mode)
    {
        lock (_gate)
        {
            // Now outranks Drained and is not taken back.
            if (mode == StopMode.Now) _stop = StopWish.Now;
            else if (_stop == StopWish.None) _stop = StopWish.Drained;
            _any = true;
        }
    }

    // Of an operator's stop and restart the later one holds.
    public void AddRestart()
    {
        lock (_gate)
        {
            _rest = false;
            _restart = _any = true;
        }
    }

    public void AddRest()
    {
        lock (_gate)
        {
            _rest = true;
            _restart = false;
            Settle();
        }
    }

    public void AddFailure(Exception failure)
    {
        lock (_gate)
        {
            _failures.Enqueue(failure);
            _any = true;
        }
    }

    /// <summary>Adds an inspection; false when too many wait.</summary>
    public bool TryAddInspection(TaskCompletionSource<object?> inspection)
    {
        lock (_gate)
        {
            if (_inspections.Count == InspectionCapacity) return false;
            _inspections.Enqueue(inspection);
            return _any = true;
        }
    }

    public bool TakeRestart()
    {
        lock (_gate)
        {
            var wanted = _restart;
            _restart = false;
            Settle();
            return wanted;
        }
    }

    public Exception? TakeFailure()
    {
        lock (_gate)
        {
            _failures.TryDequeue(out var failure);
            Settle();
            return failure;
        }
    }

    public TaskCompletionSource<object?>? TakeInspection()
    {
        lock (_gate)
        {
            _inspections.TryDequeue(out var inspection);
            Settle();
            return inspection;
        }
    }

    /// <summary>Forgets failures of children that are gone with their parent's incarnation.</summary>
    public void ForgetFailures()
    {
        lock (_gate)
        {
            _failures.Clear();
            Settle();
        }
    }

    // A wish to drain is seen by an idle loop; only a stop at once must interrupt one that has messages.
    private void Settle() =>
        _any = _restart || _failures.Count > 0 || _inspections.Count > 0 || _stop == StopWish.Now;
}
