using System.Diagnostics.Metrics;
using System.Text;

namespace Feeds.Http;

/// <summary>
/// Listens to the process's meters whose names begin with <c>Feeds</c> and keeps what <c>GET /metrics</c> shows. How
/// many label sets an instrument may have is bounded: what would go beyond is counted in
/// <c>feeds_metrics_dropped_total</c>.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    /// <summary>The most label sets of an instrument.</summary>
    public const int MaxSeries = 20_000;

    private static readonly double[] SecondsBounds =
        [0.00001, 0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] OtherBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly object? _scope;
    private long _dropped;

    /// <summary>Starts listening.</summary>
    /// <param name="scope">Takes meters of this scope, and those without one; for processes with several nodes.</param>
    public MetricsCollector(object? scope)
    {
        _scope = scope;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter)) listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Take(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Take(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(
            static (_, value, tags, state) => Take(state, (double)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Take(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Take(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Take(state, value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Take(state, value, tags));
        _listener.Start();
    }

    /// <summary>Returns all samples as Prometheus text.</summary>
    public string Write()
    {
        lock (_gate)
        {
            foreach (Family family in _families.Values) family.ForgetObserved();
        }
        _listener.RecordObservableInstruments();
        StringBuilder text = new(16_384);
        lock (_gate)
        {
            foreach ((string name, Family family) in _families) family.Write(text, name);
        }
        PrometheusText.Head(
            text, "feeds_metrics_dropped_total", "counter",
            "Samples refused because an instrument had too many label sets.");
        PrometheusText.Sample(text, "feeds_metrics_dropped_total", "", Interlocked.Read(ref _dropped));
        return text.ToString();
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private static void Take(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((Family)state!).Take(value, PrometheusText.Labels(tags));

    private bool IsOurs(Meter meter) =>
        meter.Name.StartsWith("Feeds", StringComparison.Ordinal)
            && (meter.Scope is null || ReferenceEquals(meter.Scope, _scope));

    private Family FamilyOf(Instrument instrument)
    {
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        bool isCounter = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
        string name = PrometheusText.Name(instrument.Name, instrument.Unit, isCounter);
        lock (_gate)
        {
            if (_families.TryGetValue(name, out Family? known)) return known;
            double[]? bounds = kind == typeof(Histogram<>) ? Bounds(instrument) : null;
            return _families[name] = new Family(this, instrument, isCounter, bounds);
        }
    }

    private static double[] Bounds(Instrument instrument) =>
        (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries is { } advised ? [.. advised]
        : instrument.Unit == "s" ? SecondsBounds : OtherBounds;

    /// <summary>The samples of one name, by labels.</summary>
    private sealed class Family(MetricsCollector owner, Instrument instrument, bool isCounter, double[]? bounds)
    {
        private readonly Dictionary<string, double[]> _series = new(StringComparer.Ordinal);
        private readonly bool _isAdded = !instrument.IsObservable && !IsGauge(instrument);

        // A histogram's cells: count of each bucket, count over the last bound, sum.
        public void Take(double value, string labels)
        {
            lock (owner._gate)
            {
                if (!_series.TryGetValue(labels, out double[]? cells))
                {
                    if (_series.Count >= MaxSeries)
                    {
                        Interlocked.Increment(ref owner._dropped);
                        return;
                    }
                    _series[labels] = cells = new double[bounds is null ? 1 : bounds.Length + 2];
                }
                if (bounds is null)
                {
                    cells[0] = _isAdded ? cells[0] + value : value;
                    return;
                }
                int bucket = Array.FindIndex(bounds, bound => value <= bound);
                cells[bucket < 0 ? bounds.Length : bucket]++;
                cells[^1] += value;
            }
        }

        // What is observed says anew at each reading which labels there are.
        public void ForgetObserved()
        {
            if (instrument.IsObservable) _series.Clear();
        }

        public void Write(StringBuilder text, string name)
        {
            PrometheusText.Head(
                text, name, bounds is not null ? "histogram" : isCounter ? "counter" : "gauge", instrument.Description);
            foreach ((string labels, double[] cells) in _series.OrderBy(static s => s.Key, StringComparer.Ordinal))
            {
                if (bounds is null) PrometheusText.Sample(text, name, labels, cells[0]);
                else WriteBuckets(text, name, labels, cells, bounds);
            }
        }

        private static void WriteBuckets(
            StringBuilder text, string name, string labels, double[] cells, double[] bounds)
        {
            double count = 0;
            string comma = labels.Length > 0 ? "," : "";
            for (int i = 0; i <= bounds.Length; i++)
            {
                count += cells[i];
                string bound = PrometheusText.Number(i < bounds.Length ? bounds[i] : double.PositiveInfinity);
                PrometheusText.Sample(text, name + "_bucket", $"{labels}{comma}le=\"{bound}\"", count);
            }
            PrometheusText.Sample(text, name + "_sum", labels, cells[^1]);
            PrometheusText.Sample(text, name + "_count", labels, count);
        }

        private static bool IsGauge(Instrument instrument) =>
            instrument.GetType().GetGenericTypeDefinition() == typeof(Gauge<>);
    }
}
