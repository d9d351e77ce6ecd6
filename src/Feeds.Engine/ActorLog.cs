using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>Writes what happens to actors into the log; of dead letters the first and then one in a thousand.</summary>
internal sealed class ActorLog(ILogger logger) : IActorEvents
{
    private long _deadLetters;

    public void Started(string path, string kind, int restarts) => Log.ActorStarted(logger, path, kind, restarts);

    public void Failed(string path, Exception failure, Directive directive)
    {
        Log.ActorFailed(logger, path, directive.ToString(), failure.Message);
        Log.ActorFailure(logger, failure, path);
    }

    public void Restarting(string path, Exception cause, TimeSpan delay) =>
        Log.ActorRestarting(logger, path, delay.TotalSeconds);

    public void Parked(string path, Exception failure) => Log.ActorParked(logger, path, failure.Message);

    public void Stopped(string path) => Log.ActorStopped(logger, path);

    public void DeadLetter(DeadLetter letter)
    {
        long count = Interlocked.Increment(ref _deadLetters);
        if (count % 1000 == 1)
        {
            Log.DeadLetter(logger, letter.MessageType, letter.Path, letter.Reason.ToString(), count);
        }
    }

    public void HookFailed(string path, string hook, Exception failure) => Log.HookFailed(logger, failure, path, hook);

    public void WorkAbandoned(string path, int works) => Log.WorkAbandoned(logger, path, works);
}
