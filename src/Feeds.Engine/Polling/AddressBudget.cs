using Feeds.Binance.Limits;
using Feeds.Storage.Budgets;

namespace Feeds.Engine.Polling;

/// <summary>
/// Ties a node's planner to the account that all nodes behind its address share: requests are paid out of both, and a
/// hold that the exchange imposed on one is a hold of all.
/// </summary>
internal sealed class AddressBudget : IAsyncDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly WeightPlanner _planner;
    private readonly RequestLedger _ledger;
    private readonly Func<int> _nodes;
    private readonly TimeProvider _time;
    private readonly Task _refreshing;
    private Hold? _untold;

    /// <summary>Begins to share.</summary>
    /// <param name="planner">The node's planner.</param>
    /// <param name="ledger">The account; ended with this.</param>
    /// <param name="nodes">How many nodes are alive.</param>
    /// <param name="time">When holds end, and how often others are asked.</param>
    public AddressBudget(WeightPlanner planner, RequestLedger ledger, Func<int> nodes, TimeProvider time)
    {
        _planner = planner;
        _ledger = ledger;
        _nodes = nodes;
        _time = time;
        _planner.Shared = (pool, weight, allowed, exchangeTime) => ledger.TryTake(
            (int)pool, weight, allowed, exchangeTime);
        _ledger.Held += Take;
        _planner.Held += Tell;
        _refreshing = RefreshAsync(_stopping.Token);
    }

    /// <summary>
    /// For each pool, how many minutes count together: a clock minute; any five minutes lie in six clock minutes.
    /// </summary>
    public static IReadOnlyList<int> Windows { get; } = [1, 6, 6];

    public async ValueTask DisposeAsync()
    {
        _planner.Shared = null;
        _planner.Held -= Tell;
        await _stopping.CancelAsync();
        await _refreshing;
        await _ledger.DisposeAsync();
        _stopping.Dispose();
    }

    private void Take(int reason, TimeSpan lasts) =>
        _planner.Hold((HoldReason)reason, _time.GetUtcNow().ToUnixTimeMilliseconds() + (long)lasts.TotalMilliseconds);

    // Told by the next refresh: whoever found out must not wait for the database.
    private void Tell(HoldReason reason, long endTime) => Volatile.Write(ref _untold, new Hold(reason, endTime));

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ShareAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(RefreshInterval, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShareAsync(CancellationToken cancellationToken)
    {
        _ledger.Nodes = _nodes();
        if (Interlocked.Exchange(ref _untold, null) is { } hold)
        {
            long lasts = hold.EndTime - _time.GetUtcNow().ToUnixTimeMilliseconds();
            await _ledger.TellHoldAsync(
                (int)hold.Reason, TimeSpan.FromMilliseconds(Math.Max(0, lasts)), cancellationToken);
        }

        await _ledger.RefreshAsync(cancellationToken);
    }

    private sealed record Hold(HoldReason Reason, long EndTime);
}
