namespace Feeds.Engine.Streams;

/// <summary>Frames per second over the last looks, of which there is about one a second.</summary>
internal sealed class FramePace
{
    private const int Looks = 10;

    private readonly Queue<(long Time, long Frames)> _looks = new();

    /// <summary>Takes a look: how many frames there were by <paramref name="time"/> (epoch ms).</summary>
    public void Add(long time, long frames)
    {
        _looks.Enqueue((time, frames));
        if (_looks.Count > Looks)
        {
            _looks.Dequeue();
        }
    }

    /// <summary>Returns the rate from the oldest look to now; 0 when no time has passed.</summary>
    public double PerSecond(long now, long frames) =>
        _looks.TryPeek(out (long Time, long Frames) oldest) && now > oldest.Time
            ? Math.Round((frames - oldest.Frames) * 1000.0 / (now - oldest.Time), 1)
            : 0;
}
