using System.Collections.Immutable;
using Feeds.Binance.Streams;
using Feeds.Engine.Symbols;

namespace Feeds.Engine.Streams;

/// <content>Bringing what is asked for on the connection to what the group wants.</content>
internal sealed partial class StreamActor
{
    private bool _settling;

    /// <summary>
    /// Asks for streams that are wanted and gives up those that are not, in one go and beside the messages: changes
    /// that come meanwhile wait, and go out together when the answers are here.
    /// </summary>
    private async ValueTask SettleAsync(CancellationToken stopping)
    {
        ImmutableHashSet<StreamName> wanted = _group.Streams;
        foreach (StreamWatch watch in _group.Judge.Watches.ToList())
        {
            // A symbol that went and came again has another index, and nothing is known of it.
            if (!wanted.Contains(watch.Name) || IndexOf(watch.Name) != watch.SymbolIndex)
            {
                _group.Judge.Remove(watch.Name);
            }
        }

        // Not open yet: it asks for what stands in the group, and comes here when that is done.
        if (_settling || _current is not { OpenedTime: > 0 } current)
        {
            return;
        }

        await WelcomeAsync(wanted.Intersect(current.Asked), stopping);
        Difference[] due = [.. Open(current, _next)
            .Select(link => new Difference(link, wanted.Except(link.Asked), link.Asked.Except(wanted).ToList()))
            .Where(static each => each.Add.Count + each.Remove.Count > 0)];
        if (due.Length == 0)
        {
            return;
        }

        _settling = true;
        StreamLink at = current;
        Context.PipeToSelf(
            async cancellation =>
            {
                foreach (Difference each in due)
                {
                    at = each.Link;
                    await each.Link.ChangeAsync(each.Add, each.Remove, cancellation);
                }
            },
            () => new StreamMessage.Settled(at, null),
            failure => new StreamMessage.Settled(at, failure));
    }

    private async ValueTask SettledAsync(StreamMessage.Settled settled, CancellationToken stopping)
    {
        _settling = false;
        if (settled.Failure is { } failure)
        {
            if (settled.Link == _current)
            {
                await LostAsync(failure, stopping);
            }
            else if (settled.Link == _next)
            {
                await GiveUpRolloverAsync(failure.Message);
            }
        }

        await SettleAsync(stopping);
    }

    // Streams that were acknowledged: judged from now on, and their symbols told unless they know.
    private async ValueTask WelcomeAsync(ImmutableHashSet<StreamName> streams, CancellationToken stopping)
    {
        long now = Now();
        foreach (StreamName stream in streams)
        {
            Watch(stream, now);
        }

        HashSet<StreamName> muted = [.. _group.Judge.Watches.Where(static watch => watch.IsMuted).Select(
            static watch => watch.Name)];
        await TellSymbolsAsync(streams.Except(muted), (entry, feed, _) => entry.ConnectedAsync(feed, now, stopping));
    }

    private static IEnumerable<StreamLink> Open(StreamLink current, StreamLink? next) =>
        next is { OpenedTime: > 0 } ? [current, next] : [current];

    private sealed record Difference(
        StreamLink Link, IReadOnlyCollection<StreamName> Add, IReadOnlyCollection<StreamName> Remove);
}
