using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <content>What an operator sees.</content>
internal sealed partial class StreamActor
{
    private readonly FramePace _pace = new();

    protected override object Inspect()
    {
        long now = Now();
        StreamLink? open = _group.IsOpen && _current is { OpenedTime: > 0 } current ? current : null;
        Dictionary<StreamName, StreamWatch> watches = _group.Judge.Watches.ToDictionary(static watch => watch.Name);
        return new StreamInspection(
            _group.Endpoint.Address.AbsoluteUri,
            _group.IsOpen,
            _group.Frames,
            _pace.PerSecond(now, _group.Frames),
            _group.LastFrameTime == 0 ? null : now - _group.LastFrameTime,
            open?.OpenedTime,
            open?.OpenedTime + (long)_maxAge.TotalMilliseconds,
            Math.Max(0, _group.Connections - 1),
            _group.Rollovers,
            _group.LastError,
            [.. watches.Values.Where(static watch => watch.IsMuted).Select(static watch => watch.Name.Text).Order(
                StringComparer.Ordinal)],
            [.. _group.Streams.Except(open?.Asked ?? []).Select(static stream => stream.Text).Order(
                StringComparer.Ordinal)],
            _group.Streams.OrderBy(static stream => stream.Text, StringComparer.Ordinal).ToDictionary(
                static stream => stream.Text, stream => PaceOf(stream, watches.GetValueOrDefault(stream), now)));
    }

    private StreamPace PaceOf(StreamName stream, StreamWatch? watch, long now)
    {
        long heard = stream.Symbol is null ? 0 : _group.Pulses[stream.Kind, IndexOf(stream)];
        return new StreamPace(heard == 0 ? null : now - heard, watch?.Model.LimitMs);
    }
}
