using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Hosting;
using Feeds.Simulator.Markets;
using Microsoft.Extensions.Logging;

namespace Feeds.Benchmarks.Engine;

/// <summary>
/// What a flood of its HTTP endpoint costs a node: from tick to computed row in turns without and with a process that
/// asks for pages and metrics as fast as it is answered, and opens a stream of events ten thousand times a turn.
/// <c>endpoint-flood SYMBOLS ROUNDS</c>.
/// </summary>
internal static class EndpointFlood
{
    private const int Streams = 10_000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(int symbols, int rounds)
    {
        using Process venue = Child("venue", symbols.ToString(CultureInfo.InvariantCulture), "1");
        Uri rest = new((await venue.StandardOutput.ReadLineAsync())!);
        Uri stream = new((await venue.StandardOutput.ReadLineAsync())!);
        string folder = Directory.CreateTempSubdirectory("feeds-flood-").FullName;
        FeedsOptions options = new()
        {
            DataFeeds = new DataFeedsOptions
            {
                Symbols = [.. SymbolSpecs.Many(symbols).Select(static spec => Symbol.Parse(spec.Symbol))],
                IntervalSec = 1,
                Sinks = new SinksOptions { CsvPath = Path.Combine(folder, "feeds_log.csv") },
            },
            Exchange = new ExchangeOptions { RestUrl = rest, StreamUrl = stream },
            Storage = new StorageOptions { DataDir = folder },
            Http = new HttpOptions { Bind = "127.0.0.1:0" },
        };
        ConcurrentQueue<double> delays = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, mine) =>
        {
            if (instrument.Name == "feeds.tick.computed") mine.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => delays.Enqueue(value * 1000));
        listener.Start();
        await using (RunningNode node = await RunningNode.StartAsync(
            options, TimeProvider.System, LogLevel.None, CancellationToken.None))
        {
            await Task.Delay(Settling);
            List<double> calm = [];
            List<double> flooded = [];
            for (int round = 1; round <= rounds; round++)
            {
                delays.Clear();
                await Task.Delay(Turn);
                calm.AddRange(delays);
                using Process flood = Child("flood", node.Address.ToString());
                delays.Clear();
                await Task.Delay(Turn);
                flooded.AddRange(delays);
                flood.StandardInput.Close();
                string said = await flood.StandardOutput.ReadToEndAsync();
                await flood.WaitForExitAsync();
                Console.WriteLine($"round {round}: {said.Trim()}");
            }

            Console.WriteLine($"tick to computed ms p50/p99, calm    {Quantiles(calm)}");
            Console.WriteLine($"tick to computed ms p50/p99, flooded {Quantiles(flooded)}");
        }

        venue.StandardInput.Close();
        await venue.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>The flood's end: runs until its input ends, then tells what it was answered.</summary>
    public static async Task<int> FloodAsync(Uri node)
    {
        using CancellationTokenSource over = new();
        ConcurrentDictionary<string, int> answers = new(StringComparer.Ordinal);
        Task[] floods = [AskAsync("status"), AskAsync("metrics"), .. Enumerable.Range(0, 4).Select(_ => ListenAsync())];
        await Console.In.ReadToEndAsync();
        await over.CancelAsync();
        await Task.WhenAll(floods);
        Console.WriteLine(
            string.Join(
                ", ", answers.OrderBy(static each => each.Key, StringComparer.Ordinal).Select(
                    static each => $"{each.Key} {each.Value}")));
        return 0;

        async Task AskAsync(string page)
        {
            using HttpClient http = new() { BaseAddress = node };
            while (!over.IsCancellationRequested)
            {
                try
                {
                    using HttpResponseMessage answer = await http.GetAsync($"/{page}", over.Token);
                    answers.AddOrUpdate($"{page} {(int)answer.StatusCode}", 1, static (_, count) => count + 1);
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    answers.AddOrUpdate($"{page} not answered", 1, static (_, count) => count + 1);
                }
            }
        }

        async Task ListenAsync()
        {
            List<TcpClient> open = [];
            for (int i = 0; i < Streams / 4 && !over.IsCancellationRequested; i++)
            {
                TcpClient client = new();
                open.Add(client);
                try
                {
                    await client.ConnectAsync(node.Host, node.Port, over.Token);
                    await client.GetStream().WriteAsync(
                        "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), over.Token);
                    answers.AddOrUpdate("streams asked for", 1, static (_, count) => count + 1);
                }
                catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
                {
                    answers.AddOrUpdate("streams refused", 1, static (_, count) => count + 1);
                }
            }

            while (!over.IsCancellationRequested) await Task.Delay(100);
            foreach (TcpClient client in open) client.Dispose();
        }
    }

    private static Process Child(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [typeof(EndpointFlood).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static string Quantiles(List<double> delays)
    {
        delays.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{delays[delays.Count / 2]:0.0} / {delays[(int)(delays.Count * 0.99)]:0.0} of {delays.Count}");
    }
}
