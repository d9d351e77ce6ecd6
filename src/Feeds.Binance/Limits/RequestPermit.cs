namespace Feeds.Binance.Limits;

/// <summary>The right to send one request; to be completed exactly once, whatever became of the request.</summary>
public sealed class RequestPermit
{
    private readonly WeightPlanner _planner;
    private readonly RequestCost _cost;
    private readonly long _sentTime;
    private readonly bool _isTry;
    private int _completed;

    internal RequestPermit(WeightPlanner planner, RequestCost cost, long sentTime, bool isTry)
    {
        _planner = planner;
        _cost = cost;
        _sentTime = sentTime;
        _isTry = isTry;
    }

    /// <summary>Says how the request ended; a second call changes nothing.</summary>
    public void Complete(RequestOutcome outcome)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _planner.Complete(_cost, _sentTime, _isTry, outcome);
        }
    }
}
