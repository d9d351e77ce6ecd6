using System.Globalization;

namespace Feeds.Simulator.Server;

/// <summary>
/// The venue's three request pools, its refusals and its bans. All requests come from one address here.
/// </summary>
internal sealed class RestLimits(VenueTwinOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _funding = new();
    private readonly Queue<long> _statistics = new();
    private long _minute;
    private long _refusedMinute;
    private int _used;
    private int _refusals;
    private int _bans;
    private long _bannedUntil;

    /// <summary>Weight used in the present minute of the UTC clock.</summary>
    public int UsedWeight
    {
        get
        {
            lock (_gate)
            {
                return Now / 60_000 == _minute ? _used : 0;
            }
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Counts a request; returns why it is refused, or null.</summary>
    public RestRefusal? Take(RestPool pool, int weight)
    {
        lock (_gate)
        {
            long now = Now;
            if (now < _bannedUntil)
            {
                return Banned(now);
            }

            if (now / 60_000 != _minute)
            {
                _minute = now / 60_000;
                _used = 0;
            }

            _used += weight;
            long wait = pool switch
            {
                RestPool.Funding => Window(_funding, options.FundingRequestLimit, now),
                RestPool.Statistics => Window(_statistics, options.StatisticsRequestLimit, now),
                _ => _used > options.RequestWeightLimit ? ((_minute + 1) * 60_000) - now : 0,
            };
            if (wait == 0)
            {
                return null;
            }

            if (_refusedMinute != _minute)
            {
                _refusedMinute = _minute;
                _refusals = 0;
            }

            _refusals++;
            if (_refusals > options.RefusalsBeforeBan)
            {
                double length = options.FirstBan.TotalMilliseconds * Math.Pow(2, Math.Min(_bans, 20));
                Ban(now + (long)Math.Min(length, 3 * 86_400_000.0));
                return Banned(now);
            }

            return new RestRefusal(
                429, (int)((wait + 999) / 1000),
                "{\"code\":-1003,\"msg\":\"Too many requests; current limit of IP(127.0.0.1) is "
                + options.RequestWeightLimit.ToString(CultureInfo.InvariantCulture)
                + " requests per minute. Please use the websocket for live updates to avoid polling the API.\"}");
        }
    }

    /// <summary>Bans the address for some time from now.</summary>
    public void BanFor(TimeSpan length) => Ban(Now + (long)length.TotalMilliseconds);

    /// <summary>Bans the address until a time, epoch ms.</summary>
    public void Ban(long until)
    {
        lock (_gate)
        {
            _bans++;
            _refusals = 0;
            _bannedUntil = Math.Max(_bannedUntil, until);
        }
    }

    private static long Window(Queue<long> requests, int limit, long now)
    {
        while (requests.TryPeek(out long at) && now - at >= 300_000)
        {
            requests.Dequeue();
        }

        requests.Enqueue(now);
        return requests.Count > limit ? requests.Peek() + 300_000 - now : 0;
    }

    private RestRefusal Banned(long now) => new(
        418, (int)((_bannedUntil - now + 999) / 1000),
        "{\"code\":-1003,\"msg\":\"Way too many requests; IP banned until "
        + _bannedUntil.ToString(CultureInfo.InvariantCulture)
        + ". Please use the websocket for live updates to avoid bans.\"}");
}
