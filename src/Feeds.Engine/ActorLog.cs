using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>Writes what happens to actors into the log; of dead letters the first and then one in a thousand.</summary>
internal sealed class ActorLog(ILogger logger) : IActorEvents
{
    // What these are told once the node stops is of no use to anybody. Symbols, rows and journal are not among them.
    private static readonly string[] Sources = ["streams", "polling", "context", "ticker"];

    private long _deadLetters;
    private volatile bool _isStopping;

    /// <summary>Says that the node stops.</summary>
    public void Stopping() => _isStopping = true;

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
        // The sender gave up: because it is being stopped itself, or because the receiver is, which has been told of.
        // Both are counted.
        if (letter.Reason == DeadLetterReason.Cancelled || (_isStopping && Sources.Contains(letter.Path.Split('/')[0])))
        {
            return;
        }

        long count = Interlocked.Increment(ref _deadLetters);
        if (count % 1000 == 1)
        {
            Log.DeadLetter(logger, letter.MessageType, letter.Path, letter.Reason.ToString(), count);
        }
    }

    public void HookFailed(string path, string hook, Exception failure) => Log.HookFailed(logger, failure, path, hook);

    public void WorkAbandoned(string path, int works) => Log.WorkAbandoned(logger, path, works);
}
