using System.Globalization;
using System.Text.Json;

namespace Feeds.Tests.Simulator;

/// <summary>
/// A book kept the slow, plain way from a REST snapshot and deltas, by the exchange's published rule.
/// </summary>
internal sealed class SlowBook
{
    private readonly Dictionary<decimal, decimal> _bids = [];
    private readonly Dictionary<decimal, decimal> _asks = [];

    public SlowBook(JsonElement snapshot)
    {
        LastUpdateId = snapshot.GetProperty("lastUpdateId").GetInt64();
        Set(_bids, snapshot.GetProperty("bids"));
        Set(_asks, snapshot.GetProperty("asks"));
    }

    public long LastUpdateId { get; private set; }

    public int Applied { get; private set; }

    public void Apply(JsonElement delta)
    {
        long last = delta.GetProperty("u").GetInt64();
        if (last < LastUpdateId)
        {
            return;
        }

        bool first = Applied == 0;
        bool continues = delta.GetProperty("pu").GetInt64() == LastUpdateId;
        if (!continues && !(first && delta.GetProperty("U").GetInt64() <= LastUpdateId))
        {
            throw new InvalidOperationException(
                $"delta {delta.GetProperty("U")}..{last} does not continue {LastUpdateId}");
        }

        Set(_bids, delta.GetProperty("b"));
        Set(_asks, delta.GetProperty("a"));
        LastUpdateId = last;
        Applied++;
    }

    public IEnumerable<(decimal Price, decimal Quantity)> Bids(int depth) =>
        _bids.OrderByDescending(static l => l.Key).Take(depth).Select(static l => (l.Key, l.Value));

    public IEnumerable<(decimal Price, decimal Quantity)> Asks(int depth) =>
        _asks.OrderBy(static l => l.Key).Take(depth).Select(static l => (l.Key, l.Value));

    private static void Set(Dictionary<decimal, decimal> side, JsonElement levels)
    {
        foreach (JsonElement level in levels.EnumerateArray())
        {
            decimal price = decimal.Parse(level[0].GetString()!, CultureInfo.InvariantCulture);
            decimal quantity = decimal.Parse(level[1].GetString()!, CultureInfo.InvariantCulture);
            if (quantity == 0)
            {
                side.Remove(price);
            }
            else
            {
                side[price] = quantity;
            }
        }
    }
}
