using System.Globalization;
using Feeds.Configuration;
using Feeds.Storage.Journals;

namespace Feeds.Commands.Journals;

/// <summary>Holds replayed rows back until their time has come.</summary>
internal sealed class ReplayPace
{
    private readonly double _speed;
    private readonly CancellationToken _cancellationToken;
    private long _startTick;
    private long _startStamp;

    private ReplayPace(double speed, CancellationToken cancellationToken)
    {
        _speed = speed;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Returns the pace that <c>--speed</c> asks for; without a text rows come as fast as they can.</summary>
    /// <exception cref="ConfigurationException">It is no number above 0.</exception>
    public static ReplayPace Of(string? text, CancellationToken cancellationToken) => text is null
        ? new ReplayPace(double.PositiveInfinity, cancellationToken)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed) && speed > 0
            ? new ReplayPace(speed, cancellationToken)
            : throw new ConfigurationException($"--speed = {text}: must be a number above 0");

    /// <summary>Returns when the row of a tick may leave.</summary>
    public void Hold(FoldedTick tick)
    {
        if (double.IsPositiveInfinity(_speed))
        {
            return;
        }

        long time = tick.Rows.Feed.TickTime;
        if (_startTick == 0)
        {
            (_startTick, _startStamp) = (time, TimeProvider.System.GetTimestamp());
        }

        TimeSpan due = TimeSpan.FromMilliseconds((time - _startTick) / _speed);
        TimeSpan left = due - TimeProvider.System.GetElapsedTime(_startStamp);
        if (left > TimeSpan.Zero)
        {
            _cancellationToken.WaitHandle.WaitOne(left);
            _cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
