namespace Feeds.Binance.Limits;

/// <summary>
/// Decides when each REST request of a node may go: three budgets, four priorities, so many at a time, and none at all
/// while the exchange told us to stay away. Safe for many threads.
/// </summary>
public sealed class WeightPlanner : IDisposable
{
    private const int Priorities = 4;
    private const int Pools = 3;

    private const long SharedRetryMs = 100;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly WeightPlannerOptions _options;
    private readonly MinuteMeter _weight;
    private readonly WindowMeter _funding;
    private readonly WindowMeter _futuresData;
    private readonly HoldTerms _terms;

    // A line for each priority and pool, the highest priority first: only heads of lines are ever looked at.
    private readonly LinkedList<Waiter>[] _lines = [.. Enumerable.Range(0, Priorities * Pools).Select(
        static _ => new LinkedList<Waiter>())];
    private readonly ITimer _timer;
    private double _clockOffsetMs;
    private int _weightLimit;
    private int _underWay;
    private long _holdEndTime;
    private HoldReason _holdReason;
    private bool _trying;
    private long _holds;
    private SharedBudget? _shared;

    /// <summary>Makes a planner that waits by <paramref name="time"/>.</summary>
    public WeightPlanner(WeightPlannerOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Parallel);
        _options = options;
        _time = time;
        _weightLimit = options.WeightLimit;
        _weight = new MinuteMeter(options.MinuteGuard);
        _funding = new WindowMeter(options.FundingLimit);
        _futuresData = new WindowMeter(options.FuturesDataLimit);
        _terms = new HoldTerms(options.BlockedRetry);
        _timer = time.CreateTimer(
            static state => ((WeightPlanner)state!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Raised with a hold's reason and end (epoch ms) when it begins or is made longer; on the thread that found out.
    /// </summary>
    public event Action<HoldReason, long>? Held;

    /// <summary>
    /// Asked for every request besides the node's own budgets, when nodes share an address; null when this node is
    /// alone on it.
    /// </summary>
    public SharedBudget? Shared
    {
        get => Volatile.Read(ref _shared);
        set => Volatile.Write(ref _shared, value);
    }

    /// <summary>Weight per UTC minute that the exchange allows; set from its own statement.</summary>
    public int WeightLimit
    {
        get => Volatile.Read(ref _weightLimit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Volatile.Write(ref _weightLimit, value);
            Pump();
        }
    }

    /// <summary>
    /// The exchange's clock minus ours in ms, so that the turn of the minute is the exchange's; 0 until it was
    /// measured.
    /// </summary>
    public double ClockOffsetMs
    {
        get => Volatile.Read(ref _clockOffsetMs);
        set => Volatile.Write(ref _clockOffsetMs, value);
    }

    /// <summary>
    /// All requests wait until then, epoch ms by our clock; 0 when none ever had to. Kept over restarts by whoever runs
    /// the planner.
    /// </summary>
    public long HoldEndTime => Volatile.Read(ref _holdEndTime);

    /// <summary>Why requests wait now; None when they do not.</summary>
    public HoldReason HoldReason
    {
        get
        {
            lock (_lock)
            {
                return _holdReason == HoldReason.Blocked || IsHeld() ? _holdReason : HoldReason.None;
            }
        }
    }

    /// <summary>How many holds there were.</summary>
    public long Holds => Volatile.Read(ref _holds);

    /// <summary>Requests under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Requests that wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _lines.Sum(static line => line.Count);
            }
        }
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long ExchangeNow => Now + (long)_clockOffsetMs;

    /// <summary>
    /// Returns what is used of a budget now: weight in the running minute, requests in the last five minutes.
    /// </summary>
    public int Used(RequestPool pool)
    {
        lock (_lock)
        {
            return pool switch
            {
                RequestPool.Funding => _funding.Used(Now),
                RequestPool.FuturesData => _futuresData.Used(Now),
                _ => _weight.UsedThisMinute(ExchangeNow),
            };
        }
    }

    /// <summary>
    /// Waits for a request's turn and takes its cost. The permit says how it ended, once. After a cancel nothing is
    /// taken.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The cost is above what the priority may ever use.</exception>
    public async ValueTask<RequestPermit> AcquireAsync(
        RequestCost cost, RequestPriority priority, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost.Weight, Allowed(cost.Pool, priority), nameof(cost));
        Waiter waiter = new(cost);
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            node = Line(priority, cost.Pool).AddLast(waiter);
        }

        Pump();
        await using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(_ => Withdraw(node, cancellationToken), null);
        return await waiter.Granted.Task;
    }

    /// <summary>
    /// Makes all requests wait until <paramref name="endTime"/> (epoch ms by our clock). Never makes a hold shorter.
    /// </summary>
    public void Hold(HoldReason reason, long endTime)
    {
        bool isLonger;
        lock (_lock)
        {
            isLonger = TryHold(reason, endTime);
        }

        if (isLonger)
        {
            Held?.Invoke(reason, endTime);
            Pump();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal void Complete(RequestCost cost, long sentTime, bool isTry, RequestOutcome outcome)
    {
        (HoldReason Reason, long EndTime) hold;
        bool isLonger;
        lock (_lock)
        {
            _underWay--;

            // However it ended, and whatever hold began meanwhile: nothing else lets the next try go.
            _trying &= !isTry;
            if (cost.Pool == RequestPool.Weight && outcome.UsedWeight > 0)
            {
                _weight.Observe(sentTime, ExchangeNow, outcome.UsedWeight);
            }

            hold = _terms.Of(outcome, Now);
            if (HoldTerms.IsAnswered(outcome) && _holdReason == HoldReason.Blocked && !IsHeld())
            {
                _holdReason = HoldReason.None;
            }

            // Under the same lock: nothing is granted between an answer and the hold that it begins.
            isLonger = TryHold(hold.Reason, hold.EndTime);
        }

        if (isLonger)
        {
            Held?.Invoke(hold.Reason, hold.EndTime);
        }

        Pump();
    }

    /// <summary>Under the lock. False when the end is no later than what holds already, or has passed.</summary>
    private bool TryHold(HoldReason reason, long endTime)
    {
        if (endTime <= _holdEndTime || endTime <= Now)
        {
            return false;
        }

        _holds += IsHeld() ? 0 : 1;
        _holdEndTime = endTime;
        _holdReason = reason;
        return true;
    }

    private LinkedList<Waiter> Line(RequestPriority priority, RequestPool pool) =>
        _lines[((int)priority * Pools) + (int)pool];

    private bool IsHeld() => _holdEndTime > Now;

    private int Allowed(RequestPool pool, RequestPriority priority)
    {
        int limit = pool switch
        {
            RequestPool.Funding => _options.FundingLimit,
            RequestPool.FuturesData => _options.FuturesDataLimit,
            _ => WeightLimit,
        };
        double share = priority switch
        {
            RequestPriority.Tick => _options.TickShare,
            RequestPriority.Gap => _options.GapShare,
            RequestPriority.WarmUp => _options.WarmUpShare,
            _ => _options.BackfillShare,
        };
        return (int)(limit * share);
    }

    private void Withdraw(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is null)
            {
                // Granted in the same moment: the request goes on, and its own token ends it.
                return;
            }

            node.List.Remove(node);
        }

        node.Value.Granted.TrySetCanceled(cancellationToken);
    }

    /// <summary>Grants what may go now, the highest priority first, and sets the timer for the next chance.</summary>
    private void Pump()
    {
        lock (_lock)
        {
            long now = Now;
            if (IsHeld())
            {
                WakeAt(_holdEndTime, now);
                return;
            }

            long next = long.MaxValue;
            int closed = 0;
            for (int i = 0; i < _lines.Length; i++)
            {
                // A pool that is closed to one stays closed to those behind it, so that nobody is overtaken for ever.
                int pool = 1 << (i % Pools);
                while ((closed & pool) == 0 && _lines[i].First is { } node)
                {
                    if (_underWay >= _options.Parallel || _trying)
                    {
                        // The next one to end pumps again.
                        return;
                    }

                    closed |= TryGrant(node, (RequestPriority)(i / Pools), ref next) ? 0 : pool;
                }
            }

            WakeAt(next, now);
        }
    }

    private bool TryGrant(LinkedListNode<Waiter> node, RequestPriority priority, ref long next)
    {
        RequestCost cost = node.Value.Cost;
        int room = Allowed(cost.Pool, priority) - cost.Weight;
        long now = Now;
        if (cost.Pool == RequestPool.Weight)
        {
            long exchangeNow = ExchangeNow;
            if (_weight.Used(exchangeNow) > room)
            {
                next = Math.Min(next, now + _weight.NextTurn(exchangeNow) - exchangeNow);
                return false;
            }

            if (!IsPaidByShared(cost, priority))
            {
                next = Math.Min(next, now + SharedRetryMs);
                return false;
            }

            _weight.Add(exchangeNow, cost.Weight);
        }
        else
        {
            WindowMeter meter = cost.Pool == RequestPool.Funding ? _funding : _futuresData;
            if (meter.Used(now) > room)
            {
                next = Math.Min(next, meter.WhenAtMost(room, now));
                return false;
            }

            if (!IsPaidByShared(cost, priority))
            {
                next = Math.Min(next, now + SharedRetryMs);
                return false;
            }

            meter.Add(now);
        }

        node.List!.Remove(node);
        _underWay++;
        _trying = _holdReason == HoldReason.Blocked;
        node.Value.Granted.TrySetResult(new RequestPermit(this, cost, ExchangeNow, _trying));
        return true;
    }

    private bool IsPaidByShared(RequestCost cost, RequestPriority priority) =>
        Shared is not { } shared || shared(cost.Pool, cost.Weight, Allowed(cost.Pool, priority), ExchangeNow);

    private void WakeAt(long time, long now)
    {
        if (time != long.MaxValue)
        {
            // Longer than a timer takes would be longer than anyone waits.
            long delay = Math.Clamp(time - now, 1, int.MaxValue);
            _timer.Change(TimeSpan.FromMilliseconds(delay), Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Waiter(RequestCost cost)
    {
        public RequestCost Cost { get; } = cost;

        public TaskCompletionSource<RequestPermit> Granted { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
