using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <content>Replacing the connection without a break.</content>
internal sealed partial class StreamActor
{
    private static readonly TimeSpan ComparePeriod = TimeSpan.FromMilliseconds(100);

    private const long ConfirmMs = 30_000;
    private const long SettleMs = 5_000;
    private const long FirstPauseMs = 60_000;
    private const long LongestPauseMs = 600_000;

    private readonly Dictionary<StreamName, long> _before = [];
    private StreamLink? _next;
    private long _rolloverTime;
    private long _rolloverEarliest;
    private int _rolloversGivenUp;

    private void BeginRollover()
    {
        long now = Now();
        if (_next is not null || !_group.IsOpen || now < _rolloverEarliest)
        {
            return;
        }

        _rolloverTime = now;
        _next = Open(holds: true);
    }

    private async ValueTask ReplacementOpenedAsync(StreamLink next, CancellationToken stopping)
    {
        next.OpenedTime = Now();
        _before.Clear();
        foreach (StreamWatch watch in _group.Judge.Watches)
        {
            _before[watch.Name] = _current!.Newest[watch.Name.Kind, watch.SymbolIndex];
        }

        Context.ScheduleOnce(ComparePeriod, new StreamMessage.Compare());
        await SettleAsync(stopping);
    }

    private async ValueTask CompareAsync(CancellationToken stopping)
    {
        if (_next is not { OpenedTime: > 0 } next || _current is not { } current)
        {
            return;
        }

        bool isOver = Now() - _rolloverTime > ConfirmMs;
        if (Rollover.IsConfirmed(_group.Judge.Watches, _before, current.Newest, next.First, isOver))
        {
            // First the old one ends, then what the new one held back is told: what both brought is dropped by its ids.
            _current = next;
            await current.RetireAsync();
            await TakeOverAsync(next, stopping);
        }
        else if (isOver)
        {
            await GiveUpRolloverAsync("not confirmed by data in time");
        }
        else
        {
            Context.ScheduleOnce(ComparePeriod, new StreamMessage.Compare());
        }
    }

    private async ValueTask TakeOverAsync(StreamLink next, CancellationToken stopping)
    {
        _current = next;
        _next = null;
        _group.Judge.TookOver(next.OpenedTime);
        _rolloversGivenUp = 0;
        _rolloverEarliest = Now() + SettleMs;
        Log.StreamRolledOver(_logger, _group.Name);
        _group.RolledOver();
        await next.ReleaseAsync(stopping);
        Forget();
        await SettleAsync(stopping);
    }

    private async ValueTask GiveUpRolloverAsync(string why)
    {
        StreamLink next = _next!;
        _next = null;
        _rolloverEarliest = Now() + Math.Min(FirstPauseMs << Math.Min(_rolloversGivenUp, 8), LongestPauseMs);
        _rolloversGivenUp++;
        Log.RolloverGivenUp(_logger, _group.Name, why);
        await next.RetireAsync();
        Forget();
    }

    private void Forget()
    {
        foreach (StreamLink link in _links.Where(link => link != _current && link != _next).ToList())
        {
            _links.Remove(link);
            link.Dispose();
        }
    }
}
