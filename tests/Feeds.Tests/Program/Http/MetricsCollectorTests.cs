using System.Diagnostics.Metrics;
using Feeds.Engine.Health;
using Feeds.Http;
using Xunit;

namespace Feeds.Tests.Program.Http;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly Meter _meter;
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests()
    {
        _meter = new Meter(new MeterOptions("Feeds.Tests") { Scope = this });
        _collector = new MetricsCollector(this);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_adds_up_by_labels()
    {
        Counter<long> counter = _meter.CreateCounter<long>("feeds.messages", null, "Messages \"in\".");
        counter.Add(2, new KeyValuePair<string, object?>("feed", "depth"));
        counter.Add(3, new KeyValuePair<string, object?>("feed", "depth"));
        counter.Add(1, new KeyValuePair<string, object?>("feed", "a\"b\\c\nd"));

        Assert.Contains(
            "# HELP feeds_messages_total Messages \"in\".\n# TYPE feeds_messages_total counter\n"
                + "feeds_messages_total{feed=\"a\\\"b\\\\c\\nd\"} 1\nfeeds_messages_total{feed=\"depth\"} 5\n",
            _collector.Write(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_gauge_keeps_the_newest_value_and_forgets_labels_that_are_gone()
    {
        string symbol = "BTCUSDT";
        _meter.CreateObservableGauge(
            "feeds.age", () => new Measurement<double>(double.NaN, new KeyValuePair<string, object?>("symbol", symbol)),
            "s");
        Assert.Contains("feeds_age_seconds{symbol=\"BTCUSDT\"} NaN\n", _collector.Write(), StringComparison.Ordinal);

        symbol = "币安人生USDT";
        string text = _collector.Write();
        Assert.Contains("feeds_age_seconds{symbol=\"币安人生USDT\"} NaN\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("BTCUSDT", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_up_to_each_bound()
    {
        Histogram<double> histogram = _meter.CreateHistogram("feeds.write", "s", null, null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double value in new[] { 0.05, 0.1, 0.5, 2 }) histogram.Record(value);

        Assert.Contains(
            "feeds_write_seconds_bucket{le=\"0.1\"} 2\nfeeds_write_seconds_bucket{le=\"1\"} "
            + "3\nfeeds_write_seconds_bucket{le=\"+Inf\"} 4\n"
                + "feeds_write_seconds_sum 2.65\nfeeds_write_seconds_count 4\n",
            _collector.Write(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_without_end_are_cut_off_and_counted()
    {
        Counter<int> counter = _meter.CreateCounter<int>("feeds.many");
        for (int i = 0; i < MetricsCollector.MaxSeries + 5; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));

        Assert.Contains("feeds_metrics_dropped_total 5\n", _collector.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Meters_of_other_nodes_and_of_others_are_left_out()
    {
        using Meter other = new(new MeterOptions("Feeds.Other") { Scope = new object() });
        using Meter foreign = new("Elsewhere");
        other.CreateCounter<int>("feeds.other").Add(1);
        foreign.CreateCounter<int>("elsewhere").Add(1);

        string text = _collector.Write();
        Assert.DoesNotContain("feeds_other", text, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_shows_as_samples_bounded_by_symbols_and_feeds()
    {
        FakeNode node = new();
        using MetricsCollector collector = new(node);
        using NodeMeter meter = new(node, node.Status, node.Tree);

        string text = collector.Write();

        Assert.Contains("feeds_ok 1\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_rows_written_total 22\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_symbols{health=\"OK\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_feed_ok{feed=\"depth\",symbol=\"BTCUSDT\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "feeds_feed_age_seconds{feed=\"depth\",symbol=\"币安人生USDT\"} 6\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("quotes\",symbol=\"BTCUSDT\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("feeds_clock_offset_seconds -0.0035\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_it_is_what_Prometheus_reads()
    {
        FakeNode node = new();
        node.Now = node.Now with
        {
            Counters = new NodeCounters
            {
                Messages = new Dictionary<string, long> { ["depth"] = 7, ["trades"] = 9 },
                Gaps = new Dictionary<string, long> { ["trades"] = 1 },
                Rejected = new Dictionary<string, long> { ["bad_price"] = 2 },
                Malformed = new Dictionary<string, long> { ["not_json"] = 3 },
                DecodeSampled = 4,
                DecodeSeconds = 1e-6,
                JournalBytes = 123_456,
                JournalPendingBytes = 77,
                RowsNotWritten = new Dictionary<string, long> { ["held"] = 8, ["conflict"] = 0 },
                DeadLetters = 5,
                LeaseChanges = new Dictionary<string, long> { ["taken"] = 6, ["lost"] = 1 },
            },
        };
        using MetricsCollector collector = new(node);
        using NodeMeter meter = new(node, node.Status, node.Tree);
        Histogram<double> histogram = _meter.CreateHistogram<double>("feeds.sink.write", "s");
        histogram.Record(0.003, new KeyValuePair<string, object?>("sink", "c\"s\\v\n\u001b[2J"));

        PrometheusSamples own = PrometheusSamples.Parse(_collector.Write());
        PrometheusSamples samples = PrometheusSamples.Parse(collector.Write());
        Assert.Equal(1, own["feeds_sink_write_seconds_count"].Single().Value);
        Assert.Equal(9, samples["feeds_messages_total"].Single(static s => s.Labels["feed"] == "trades").Value);
        Assert.Equal(2, samples["feeds_rejects_total"].Single(static s => s.Labels["reason"] == "bad_price").Value);
        Assert.Equal(3, samples["feeds_malformed_total"].Single().Value);
        Assert.Equal(1, samples["feeds_gaps_total"].Single().Value);
        Assert.Equal(6, samples["feeds_lease_changes_total"].Single(static s => s.Labels["change"] == "taken").Value);
        Assert.Equal(1e-6, samples["feeds_decode_time_seconds_total"].Single().Value);
        Assert.Equal(77, samples["feeds_journal_pending_bytes"].Single().Value);
        Assert.Equal(8, samples["feeds_rows_not_written_total"].Single(static s => s.Labels["why"] == "held").Value);
        Assert.Equal(123_456, samples["feeds_journal_written_bytes_total"].Single().Value);
        Assert.Equal(
            5, samples["feeds_actor_restarts_total"].Single(static s => s.Labels["actor"] == "symbols/币安人生USDT").Value);
        PrometheusSample down = samples["feeds_actor_down"].Single();
        Assert.Equal(
            ("symbols/币安人生USDT", "PARKED", "BoomException"),
            (down.Labels["actor"], down.Labels["state"], down.Labels["failure"]));
        Assert.NotEmpty(samples["feeds_mailbox_waiting"]);
        Assert.NotEmpty(samples["feeds_rest_weight_used"]);
        Assert.NotEmpty(samples["feeds_connection_reconnects_total"]);
    }

    [Fact]
    public void Every_metric_stands_in_the_operators_guide()
    {
        FakeNode node = new();
        using MetricsCollector collector = new(node);
        using NodeMeter meter = new(node, node.Status, node.Tree);
        string guide = File.ReadAllText(Path.Combine(Root(), "docs", "operations.md"));
        string[] names = [.. collector.Write().Split('\n').Where(
            static line => line.StartsWith("# TYPE feeds_", StringComparison.Ordinal))
            .Select(static line => line.Split(' ')[2])];

        Assert.True(names.Length > 35, $"{names.Length} metrics");
        Assert.DoesNotContain(names, name => !guide.Contains($"`{name}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a_total 1")]
    [InlineData("# TYPE a counter\na 1\n")]
    [InlineData("# TYPE a_total counter\na_total -1\n")]
    [InlineData("# TYPE a gauge\na 1\na 2\n")]
    [InlineData("# TYPE a gauge\na{x=\"1\"} 1\n# TYPE b gauge\nb 1\na{x=\"2\"} 1\n")]
    [InlineData("# TYPE a gauge\na{x=\"a\"b\"} 1\n")]
    [InlineData("# TYPE a gauge\na{x-y=\"b\"} 1\n")]
    [InlineData("# TYPE a gauge\na{x=\"\\t\"} 1\n")]
    [InlineData("# TYPE a gauge\na 1,5\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 2\na_sum 1\na_count 2\n")]
    public void The_reader_of_these_tests_is_strict(string text) =>
        Assert.Throws<FormatException>(() => PrometheusSamples.Parse(text));

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Feeds.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
