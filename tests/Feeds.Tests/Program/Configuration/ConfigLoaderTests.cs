using Feeds.Configuration;
using Feeds.Engine;
using Feeds.Storage.Sinks;
using Xunit;

namespace Feeds.Tests.Program.Configuration;

public sealed class ConfigLoaderTests
{
    [Fact]
    public void An_empty_file_means_the_defaults()
    {
        FeedsOptions options = ConfigLoader.Parse("").Options;

        Assert.Equal(11, options.DataFeeds.Symbols.Count);
        Assert.Equal(30, options.DataFeeds.IntervalSec);
        Assert.Equal("data/feeds_log.csv", options.DataFeeds.Sinks.CsvPath);
        Assert.Equal(Provider.Auto, options.DataFeeds.Providers.Basis);
    }

    [Fact]
    public void What_the_file_says_is_taken()
    {
        FeedsOptions options = ConfigLoader.Parse("""
            data_feeds:
              symbols: [BTCUSDT, 币安人生USDT, 1000SHIBUSDT]
              interval_sec: 5
              sinks: { rotate: daily, csv_path: null }
              providers: { liq: off }
              depth_stream_levels: 5
            exchange: { rest_url: "http://127.0.0.1:9001", stream_url: "ws://localhost:9001" }
            """).Options;

        Assert.Equal(["BTCUSDT", "币安人生USDT", "1000SHIBUSDT"], options.DataFeeds.Symbols.Select(s => s.Text));
        Assert.Equal(5, options.DataFeeds.IntervalSec);
        Assert.Equal(CsvRotation.Daily, options.DataFeeds.Sinks.Rotate);
        Assert.Null(options.DataFeeds.Sinks.CsvPath);
        Assert.Equal(Provider.Off, options.DataFeeds.Providers.Liquidations);
        Assert.Equal(5, options.DataFeeds.DepthStreamLevels);
        Assert.Equal("http://127.0.0.1:9001/", options.Exchange.RestUrl.ToString());
    }

    [Theory]
    [InlineData("data_feeds: { interval_sec: 0 }", "data_feeds.interval_sec = 0: must be at least 1 (feeds.yaml:1)")]
    [InlineData("data_feeds: { interval_sec: 100000 }",
        "data_feeds.interval_sec = 100000: must be at most 86400 (feeds.yaml:1)")]
    [InlineData("data_feeds: { interval_sec: 2.5 }",
        "data_feeds.interval_sec = 2.5: must be a whole number, 1…86400 (feeds.yaml:1)")]
    [InlineData("data_feeds: { interval_sec: [1] }",
        "data_feeds.interval_sec = [1]: must be a whole number, 1…86400 (feeds.yaml:1)")]
    [InlineData("data_feeds: { interval_sec: }",
        "data_feeds.interval_sec = null: must be a whole number, 1…86400 (feeds.yaml:1)")]
    [InlineData("data_feeds: { symbols: [] }", "data_feeds.symbols = []: at least one symbol is needed (feeds.yaml:1)")]
    [InlineData("data_feeds: { symbols: null }",
        "data_feeds.symbols = null: must be a list of symbols, such as [BTCUSDT, ETHUSDT] (feeds.yaml:1)")]
    [InlineData("data_feeds: { symbols: [A, B, A] }",
        "data_feeds.symbols = [A, B, A]: A is named twice (feeds.yaml:1)")]
    [InlineData("data_feeds: { symbols: [btcusdt] }",
        "data_feeds.symbols = [btcusdt]: btcusdt: the exchange writes symbols in upper case: BTCUSDT (feeds.yaml:1)")]
    [InlineData("data_feeds: { intervall_sec: 5 }",
        "data_feeds.intervall_sec: unknown key (did you mean data_feeds.interval_sec?) (feeds.yaml:1)")]
    [InlineData("http: { something_else: 5 }", "http.something_else: unknown key (feeds.yaml:1)")]
    [InlineData("data_feeds: 5", "data_feeds = 5: must be a map of keys (feeds.yaml:1)")]
    [InlineData("data_feeds: { depth_levels: 7, depth_stream_levels: 5 }",
        "data_feeds.depth_levels = 7: must be at most data_feeds.depth_stream_levels (5)")]
    [InlineData("data_feeds: { features: false, sinks: { parquet_path: lake } }",
        "data_feeds.sinks.parquet_path = lake: takes feature rows, and data_feeds.features is false")]
    [InlineData("data_feeds: { depth_stream_levels: 7 }",
        "data_feeds.depth_stream_levels = 7: must be 5, 10 or 20 (feeds.yaml:1)")]
    [InlineData("data_feeds: { providers: { oi: binance_ws } }",
        "data_feeds.providers.oi = binance_ws: must be auto, binance_rest or off (feeds.yaml:1)")]
    [InlineData("feature_flags: { enable_data_feeds: yes }",
        "feature_flags.enable_data_feeds = yes: must be true or false (feeds.yaml:1)")]
    [InlineData("cluster: { enabled: true }",
        "cluster.enabled = true: needs storage.postgres or storage.postgres_file, where the nodes meet")]
    [InlineData("cluster: { node_id: \"a b\" }",
        "cluster.node_id = a b: must be auto, or 1 to 40 ASCII letters, digits, '_', '-' and '.'")]
    [InlineData("history:\n  historical_days: 9",
        "history.historical_days = 9: this build has no history; leave it at 180 (feeds.yaml:2)")]
    [InlineData("http: { bind: '0.0.0.0:80' }",
        "http.bind = 0.0.0.0:80: an address other than loopback needs http.token or http.token_file")]
    [InlineData("http: { bind: 8080 }",
        "http.bind = 8080: must be an IP address and port, such as 127.0.0.1:8080 or [::1]:0 (feeds.yaml:1)")]
    [InlineData("http: { token_file: /nowhere/token }",
        "http.token_file = /nowhere/token: cannot be read: Could not find file '/nowhere/token'.")]
    public void What_is_wrong_is_said_in_one_line(string yaml, string line)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => ConfigLoader.Parse(yaml));

        Assert.Equal([line], e.Errors);
    }

    [Theory]
    [InlineData("fapi.binance.com")]
    [InlineData("http://fapi.binance.com")]
    [InlineData("ftp://fapi.binance.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254")]
    [InlineData("https://fapi.binance.com/path")]
    [InlineData("https://fapi.binance.com?a=b")]
    [InlineData("https://user:secret@fapi.binance.com")]
    [InlineData("https://")]
    [InlineData("null")]
    public void A_rest_address_that_is_not_one_is_refused(string url)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(
            () => ConfigLoader.Parse($"exchange: {{ rest_url: \"{url}\" }}"));

        Assert.StartsWith("exchange.rest_url = ", Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.Contains("must be a https:// address without a path", e.Errors[0], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Several_errors_come_a_line_each_and_not_without_end()
    {
        string yaml = "data_feeds:\n" + string.Concat(Enumerable.Range(0, 25).Select(i => $"  zz_unknown_{i}: 1\n"));

        ConfigurationException e = Assert.Throws<ConfigurationException>(() => ConfigLoader.Parse(yaml));

        Assert.Equal(11, e.Errors.Count);
        Assert.Equal("and 15 more", e.Errors[^1]);
    }

    [Fact]
    public void Sections_of_others_are_left_alone_whatever_stands_in_them()
    {
        FeedsOptions options = ConfigLoader.Parse("""
            strategy: { a: 1, a: 2, key: !secret abc, nested: { x: [1, { y: *nobody }] } }
            42: { feature_flags: 17 }
            signals: { symbols: [ETHUSDT, SOLUSDT], thresholds: { long: 0.7 } }
            data_feeds: { symbols: [BTCUSDT], interval_sec: 10 }
            """).Options;

        Assert.Equal(["ETHUSDT", "SOLUSDT"], options.DataFeeds.Symbols.Select(s => s.Text));
        Assert.Equal(10, options.DataFeeds.IntervalSec);
    }

    [Fact]
    public void Signals_without_symbols_change_nothing()
    {
        Assert.Equal("BTCUSDT", ConfigLoader.Parse("""
            signals: { threshold: 5 }
            data_feeds: { symbols: [BTCUSDT] }
            """).Options.DataFeeds.Symbols.Single().Text);
    }

    [Theory]
    [InlineData("data_feeds: { interval_sec: 1, interval_sec: 2 }",
        "data_feeds.interval_sec: stands twice (feeds.yaml:1)")]
    [InlineData("http: { bind: '127.0.0.1:1' }\nhttp: { bind: '127.0.0.1:2' }",
        "http.bind: stands twice (feeds.yaml:2)")]
    public void A_key_of_ours_that_stands_twice_is_refused(string yaml, string line) =>
        Assert.Equal([line], Assert.Throws<ConfigurationException>(() => ConfigLoader.Parse(yaml)).Errors);

    [Theory]
    [InlineData("data_feeds: [")]
    [InlineData("a: b: c")]
    [InlineData("data_feeds:\n\t- x")]
    [InlineData("just a text")]
    [InlineData("a: 1\n---\nb: 2")]
    public void What_is_no_yaml_map_is_refused_in_one_line(string yaml)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => ConfigLoader.Parse(yaml));

        Assert.StartsWith("feeds.yaml", Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Errors[0]);
    }

    [Fact]
    public void Deep_nesting_is_refused_instead_of_overflowing_the_stack()
    {
        string yaml = "data_feeds: " + new string('[', 100_000);

        ConfigurationException e = Assert.Throws<ConfigurationException>(() => ConfigLoader.Parse(yaml));

        Assert.Contains("nested deeper", Assert.Single(e.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_within_our_sections_work()
    {
        FeedsOptions options = ConfigLoader.Parse("""
            data_feeds: { symbols: &all [BTCUSDT, ETHUSDT] }
            context: { reference_symbols: *all }
            """).Options;

        Assert.Equal(2, options.DataFeeds.Symbols.Count);
    }

    [Fact]
    public void Hostile_text_in_a_value_cannot_command_a_terminal()
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(
            () => ConfigLoader.Parse("data_feeds: { interval_sec: \"\\e[31m5\\nhttp.bind = ok\" }"));

        Assert.Equal(
            @"data_feeds.interval_sec = \x1b[31m5\nhttp.bind = ok: must be a whole number, 1…86400 (feeds.yaml:1)",
            Assert.Single(e.Errors));
    }

    [Fact]
    public void The_demo_preset_means_the_test_network()
    {
        ExchangeOptions exchange = ConfigLoader.Parse(
            "exchange: { preset: demo, rest_url: 'https://fapi.binance.com' }").Options.Exchange;

        Assert.Equal("https://demo-fapi.binance.com/", exchange.RestUrl.ToString());
        Assert.Equal("wss://demo-fstream.binance.com/", exchange.StreamUrl.ToString());
        Assert.Equal(
            "https://example.org/",
            ConfigLoader.Parse(
                "exchange: { preset: demo, rest_url: 'https://example.org' }").Options.Exchange.RestUrl.ToString());
    }

    [Fact]
    public void Rows_lie_in_the_data_folder_unless_said_otherwise()
    {
        Assert.Equal(
            Path.Combine("elsewhere", "feeds_log.csv"),
            ConfigLoader.Parse("storage: { data_dir: elsewhere }").Options.DataFeeds.Sinks.CsvPath);
        Assert.Equal(
            "rows.csv",
            ConfigLoader.Parse(
                "{ storage: { data_dir: x }, data_feeds: { sinks: { csv_path: rows.csv } } }").Options.DataFeeds.Sinks.CsvPath);
    }
}
