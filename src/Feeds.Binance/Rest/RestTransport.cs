using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using Feeds.Binance.Limits;

namespace Feeds.Binance.Rest;

/// <summary>
/// Sends requests when the planner lets them, within limits of time and size, again when the server fails, and gives
/// back JSON or an exception that says what was wrong.
/// </summary>
internal sealed class RestTransport : IDisposable
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly HttpClient _http;
    private readonly RestOptions _options;
    private readonly WeightPlanner _planner;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _randomLock = new();

    public RestTransport(RestOptions options, WeightPlanner planner, TimeProvider time, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxTries);
        ExchangeAddress.RequireRest(options.Address);
        _options = options;
        _planner = planner;
        _time = time;
        _random = random;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate
                | DecompressionMethods.Brotli,
            ConnectTimeout = options.Timeout,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            UseCookies = false,
        };
        if (options.Proxy is not null)
        {
            handler.Proxy = new WebProxy(options.Proxy);
        }

        // The deadline is our own, by the clock that was given.
        _http = new HttpClient(
            handler)
        { BaseAddress = ExchangeAddress.WithSlash(options.Address), Timeout = Timeout.InfiniteTimeSpan };
    }

    public RestCounters Counters { get; } = new();

    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request until it is answered, and reads the answer's JSON. The tries are bounded.</summary>
    public async Task<T> GetAsync<T>(
        string endpoint,
        RequestUrl url,
        RequestCost cost,
        RequestPriority priority,
        Func<JsonElement, AnswerTimes, T> read,
        CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(endpoint, url, cost, priority, read, cancellationToken);
            }
            catch (BinanceException failure) when (tries < _options.MaxTries && IsWorthAnotherTry(failure, priority))
            {
                // After a 429 or 418 the planner itself makes the next try wait.
                if (failure is not BinanceApiException { HttpStatus: 418 or 429 })
                {
                    await Task.Delay(PauseAfter(tries), _time, cancellationToken);
                }
            }
        }
    }

    // What is wrong with a certificate stands innermost; what else fails is told best, with the host's name, outermost.
    private static string Sentence(Exception failure) =>
        failure.GetBaseException() is AuthenticationException refused ? refused.Message : failure.Message;

    private static bool IsWorthAnotherTry(BinanceException failure, RequestPriority priority) => failure switch
    {
        BinanceUnreachableException => true,
        BinanceApiException { HttpStatus: >= 500 or 408 } => true,

        // What was meant for a tick is of no use after a ban; the others can wait.
        BinanceApiException { HttpStatus: 418 or 429 } => priority != RequestPriority.Tick,
        _ => false,
    };

    private TimeSpan PauseAfter(int tries)
    {
        double pause = Math.Min(
            _options.FirstPause.TotalMilliseconds * Math.Pow(2, tries - 1), _options.LongestPause.TotalMilliseconds);
        lock (_randomLock)
        {
            return TimeSpan.FromMilliseconds(pause * (1 - (_random.NextDouble() / 2)));
        }
    }

    private async Task<RequestPermit> AcquireAsync(
        RequestCost cost, RequestPriority priority, CancellationToken cancellationToken)
    {
        while (true)
        {
            RequestPermit permit = await _planner.AcquireAsync(cost, priority, cancellationToken);

            // Another answer may have begun a hold since the permit was given.
            if (_planner.HoldEndTime <= Now && !cancellationToken.IsCancellationRequested)
            {
                return permit;
            }

            permit.Complete(default);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<T> TryAsync<T>(
        string endpoint,
        RequestUrl url,
        RequestCost cost,
        RequestPriority priority,
        Func<JsonElement, AnswerTimes, T> read,
        CancellationToken cancellationToken)
    {
        RequestPermit permit = await AcquireAsync(cost, priority, cancellationToken);
        RequestOutcome outcome = default;
        string counted = "cancelled";
        using CancellationTokenSource deadline = new(_options.Timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, cancellationToken);
        try
        {
            Counters.CountSent();
            long sentTime = Now;
            using HttpRequestMessage request = new(HttpMethod.Get, url.ToString());
            using HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            outcome = Outcome(response, 0);
            using RestBody body = await RestBody.ReadAsync(endpoint, response, _options.MaxAnswerBytes, either.Token);
            AnswerTimes times = new(sentTime, Now);
            if (!response.IsSuccessStatusCode)
            {
                BinanceApiException failure = ReadError(endpoint, (int)response.StatusCode, body.Bytes);
                outcome = Outcome(response, BannedUntil(failure));
                throw failure;
            }

            T value = Read(endpoint, response, body.Bytes, times, read);
            counted = "ok";
            return value;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            counted = "timeout";
            throw new BinanceUnreachableException(
                endpoint, timedOut: true, $"no answer within {_options.Timeout.TotalSeconds} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            counted = "network";
            throw new BinanceUnreachableException(endpoint, timedOut: false, Sentence(failure), failure);
        }
        catch (BinanceException failure)
        {
            counted = failure.Reason;
            throw;
        }
        finally
        {
            permit.Complete(outcome);
            Counters.Count(endpoint, counted);
        }
    }

    private static T Read<T>(
        string endpoint, HttpResponseMessage response, ReadOnlyMemory<byte> body, AnswerTimes times,
        Func<JsonElement, AnswerTimes, T> read)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (type is not null && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            throw new BinanceAnswerException(endpoint, $"answered with {type} instead of JSON");
        }

        if (body.IsEmpty)
        {
            throw new BinanceAnswerException(endpoint, "answered with nothing");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body, JsonOptions);
            return read(document.RootElement, times);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is the framework's word for text that is not UTF-8.
            throw new BinanceAnswerException(endpoint, $"answered with {body.Length} bytes that are not JSON", failure);
        }
        catch (UnexpectedAnswerException failure)
        {
            throw new BinanceAnswerException(endpoint, failure.Message, failure);
        }
    }

    private static BinanceApiException ReadError(string endpoint, int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, JsonOptions);
            JsonElement root = document.RootElement;
            return new((int)root.OptionalInt64("code"), status, root.Text("msg"), endpoint);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return new(0, status, string.Empty, endpoint);
        }
    }

    // The exchange tells the end of a ban in its text as well: "… IP banned until 1790000000000. …".
    private static long BannedUntil(BinanceApiException failure)
    {
        const string Marker = "banned until ";
        int at = failure.Code == BinanceApiException.TooManyRequests
            ? failure.Text.IndexOf(Marker, StringComparison.OrdinalIgnoreCase)
            : -1;
        if (at < 0)
        {
            return 0;
        }

        ReadOnlySpan<char> rest = failure.Text.AsSpan(at + Marker.Length);
        int length = rest.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(
            rest[..(length < 0 ? rest.Length : length)], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? time
            : 0;
    }

    // Dates and the banned-until stamp are by the exchange's clock.
    private long OurTime(long exchangeTime) => exchangeTime - (long)_planner.ClockOffsetMs;

    private RequestOutcome Outcome(HttpResponseMessage response, long bannedUntilTime)
    {
        int used = 0;
        if (response.Headers.TryGetValues("X-MBX-USED-WEIGHT-1M", out IEnumerable<string>? values))
        {
            _ = int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out used);
        }

        RetryConditionHeaderValue? retry = response.Headers.RetryAfter;
        long retryTime = retry?.Delta is { } delta ? Now + (long)delta.TotalMilliseconds
            : retry?.Date is { } date ? OurTime(date.ToUnixTimeMilliseconds())
            : 0;
        long bannedUntil = bannedUntilTime == 0 ? 0 : OurTime(bannedUntilTime);
        return new RequestOutcome((int)response.StatusCode, used, retryTime, bannedUntil);
    }
}
