using Feeds.Storage.Schema;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>
/// Patience of a member of a cluster that starts while the database is away: it tries again until it answers, and says
/// meanwhile what it waits for. What only a person can mend is not waited for. For one caller at a time; the reason is
/// read from any thread.
/// </summary>
internal sealed class DatabaseWait(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private string? _reason;

    /// <summary>What is waited for now; null when nothing is.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Runs work until the database takes it.</summary>
    /// <exception cref="DatabaseException">A person must act.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        TimeSpan delay = Shortest;
        while (true)
        {
            try
            {
                T done = await work(cancellationToken);
                if (Interlocked.Exchange(ref _reason, null) is not null)
                {
                    Log.DatabaseIsBack(logger);
                }

                return done;
            }
            catch (DatabaseException failure) when (!failure.IsForPerson)
            {
                if (Interlocked.Exchange(ref _reason, failure.Message) is null)
                {
                    Log.DatabaseIsAway(logger, failure.Message);
                }
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < Longest ? delay * 2 : Longest;
        }
    }
}
