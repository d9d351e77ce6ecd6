using System.Diagnostics.Metrics;
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
        _meter.CreateObservableGauge("feeds.age", () => new Measurement<double>(double.NaN, new KeyValuePair<string, object?>("symbol", symbol)), "s");
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
            "feeds_write_seconds_bucket{le=\"0.1\"} 2\nfeeds_write_seconds_bucket{le=\"1\"} 3\nfeeds_write_seconds_bucket{le=\"+Inf\"} 4\n"
                + "feeds_write_seconds_sum 2.65\nfeeds_write_seconds_count 4\n",
            _collector.Write(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_without_end_are_cut_off_and_counted()
    {
        Counter<int> counter = _meter.CreateCounter<int>("feeds.many");
        for (int i = 0; i < MetricsCollector.MaxSeries + 5; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));

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
        using NodeMeter meter = new(node, node.Status);

        string text = collector.Write();

        Assert.Contains("feeds_ok 1\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_rows_written_total 22\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_symbols{health=\"OK\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_feed_ok{feed=\"depth\",symbol=\"BTCUSDT\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("feeds_feed_age_seconds{feed=\"depth\",symbol=\"币安人生USDT\"} 6\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("quotes\",symbol=\"BTCUSDT\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("feeds_clock_offset_seconds -0.0035\n", text, StringComparison.Ordinal);
    }
}
