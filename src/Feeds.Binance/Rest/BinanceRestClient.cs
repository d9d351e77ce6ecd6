using System.Text.Json;
using Feeds.Binance.Limits;

namespace Feeds.Binance.Rest;

/// <summary>
/// The exchange's public REST interface. Every request waits for its turn at the <see cref="WeightPlanner"/>; one bad
/// row rejects that row, a bad answer the whole request. All methods throw a <see cref="BinanceException"/> when there
/// is no answer that can be used, and after a cancel nothing is under way.
/// </summary>
public sealed partial class BinanceRestClient : IDisposable
{
    private readonly RestTransport _transport;
    private readonly WeightPlanner _planner;

    /// <summary>Makes a client; <paramref name="random"/> spreads the pauses between tries.</summary>
    /// <exception cref="ExchangeAddressException">The address is not https, nor http to this machine.</exception>
    public BinanceRestClient(RestOptions options, WeightPlanner planner, TimeProvider time, Random random)
    {
        _planner = planner;
        _transport = new RestTransport(options, planner, time, random);
    }

    /// <summary>Requests by endpoint and outcome.</summary>
    public RestCounters Counters => _transport.Counters;

    private delegate bool RowReader<T>(JsonElement row, out T value);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static JsonElement RequireObject(JsonElement root) => root.ValueKind == JsonValueKind.Object
        ? root
        : throw new UnexpectedAnswerException($"answered with {root.ValueKind} instead of an object");

    private Task<Answer<T>> GetRowsAsync<T>(
        string endpoint,
        RequestUrl url,
        RequestCost cost,
        RequestPriority priority,
        RowReader<T> read,
        CancellationToken cancellationToken) =>
        _transport.GetAsync(
            endpoint, url, cost, priority, (root, times) => ReadRows(endpoint, root, times, read), cancellationToken);

    private Answer<T> ReadRows<T>(string endpoint, JsonElement root, AnswerTimes times, RowReader<T> read)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new UnexpectedAnswerException($"answered with {root.ValueKind} instead of an array");
        }

        List<T> rows = new(root.GetArrayLength());
        int rejected = 0;
        foreach (JsonElement row in root.EnumerateArray())
        {
            if (read(row, out T value))
            {
                rows.Add(value);
            }
            else
            {
                rejected++;
            }
        }

        Counters.CountRejected(endpoint, rejected);
        return new Answer<T>(rows, rejected, times.ReceiveTime);
    }
}
