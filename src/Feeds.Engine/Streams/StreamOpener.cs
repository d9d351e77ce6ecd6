using Feeds.Binance.Limits;
using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>
/// Opens connections within the one budget that the exchange has for all connections of an address. After a firewall or geo block
/// nobody tries again for ten minutes.
/// </summary>
internal sealed class StreamOpener(StreamConnectionOptions options, TimeProvider time)
{
    private static readonly TimeSpan BlockedFor = TimeSpan.FromMinutes(10);

    private readonly SlidingBudget _budget = SlidingBudget.ForConnections(time);
    private long _blockedUntil;

    /// <summary>True while a block keeps us from trying.</summary>
    public bool IsBlocked => Now() < Volatile.Read(ref _blockedUntil);

    public async Task<StreamConnection> OpenAsync(StreamEndpoint endpoint, CancellationToken cancellationToken)
    {
        long wait = Volatile.Read(ref _blockedUntil) - Now();
        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
        }

        await _budget.TakeAsync(cancellationToken);
        try
        {
            return await StreamConnection.ConnectAsync(endpoint, options, time, cancellationToken);
        }
        catch (StreamException failure) when (failure.Failure == StreamFailure.Blocked)
        {
            Volatile.Write(ref _blockedUntil, Now() + (long)BlockedFor.TotalMilliseconds);
            throw;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
