using System.Collections.Concurrent;
using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;

namespace Feeds.Tests.Actors;

/// <summary>Keeps what happened to actors as lines, in order.</summary>
internal sealed class RecordedEvents : IActorEvents
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void Started(string path, string kind, int restarts) => Lines.Enqueue($"{path} started {kind} {restarts}");

    public void Failed(string path, Exception failure, Directive directive) =>
        Lines.Enqueue($"{path} failed {failure.Message} {directive}");

    public void Restarting(string path, Exception cause, TimeSpan delay) =>
        Lines.Enqueue(FormattableString.Invariant($"{path} restarting in {delay.TotalSeconds} s"));

    public void Parked(string path, Exception failure) => Lines.Enqueue($"{path} parked {failure.Message}");

    public void Stopped(string path) => Lines.Enqueue($"{path} stopped");

    public void DeadLetter(DeadLetter letter) => Lines.Enqueue($"{letter.Path} dead letter {letter.Reason}");

    public void HookFailed(string path, string hook, Exception failure) =>
        Lines.Enqueue($"{path} {hook} threw {failure.Message}");

    public void WorkAbandoned(string path, int works) => Lines.Enqueue($"{path} abandoned {works}");
}
