using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Feeds.Configuration;
using Feeds.Core;
using Feeds.Http;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary>Asks a running node over its endpoint.</summary>
internal sealed class NodeClient : IDisposable
{
    private const int MaxAnswerBytes = 64 << 20;

    private readonly HttpClient _http;

    private NodeClient(Uri url, Secret? token)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
        {
            BaseAddress = url,
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>The options that say which node.</summary>
    internal sealed class Options
    {
        private readonly Option<string?> _url = new("--url", "-u")
        {
            Description = "The node's address; without it the configured one, http://127.0.0.1:8080 by default",
            HelpName = "URL",
        };

        private readonly Option<string?> _tokenFile = new("--token-file")
        {
            Description =
                "A file that holds the node's token; without it http.token or http.token_file of the configuration",
            HelpName = "FILE",
        };

        private readonly Option<string?> _config = new(
            "--config", "-c")
        { Description = "The node's configuration file", HelpName = "FILE" };

        /// <summary>Adds the options to a command.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_url);
            command.Options.Add(_tokenFile);
            command.Options.Add(_config);
        }

        /// <summary>Returns a client of the node that is meant.</summary>
        /// <exception cref="ConfigurationException">The address or the token's file is no such thing.</exception>
        public NodeClient Make(ParseResult parsed)
        {
            List<ConfigOverride> overrides = [];
            if (parsed.GetValue(_tokenFile) is { } file)
                overrides.Add(new ConfigOverride("http.token_file", file, "--token-file"));
            HttpOptions http = ConfigLoader.Load(new ConfigSources
            {
                File = parsed.GetValue(_config),
                Environment = Environment.GetEnvironmentVariables(),
                Overrides = overrides,
            }).Options.Http;
            string said = parsed.GetValue(_url) ?? $"http://{Reachable(BindKind.EndPoint(http.Bind))}";
            if (!Uri.TryCreate(said, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
                throw new ConfigurationException(
                    $"--url = {PlainText.Of(said)}: must be an http:// or https:// address");
            return new NodeClient(url, http.Token);
        }

        // A node that listens on all addresses is asked on its own machine's.
        private static IPEndPoint Reachable(IPEndPoint end) =>
            end.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, end.Port)
            : end.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, end.Port)
            : end;
    }

    /// <summary>Returns a page's JSON as a value, whatever the status code says of the node's health.</summary>
    /// <exception cref="UnreachableException">No node answers there.</exception>
    /// <exception cref="FeedsException">The node refuses, or its answer cannot be read.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await SendAsync<T>(request, cancellationToken);
    }

    /// <summary>Sends a value as JSON and returns the answer.</summary>
    /// <exception cref="UnreachableException">No node answers there.</exception>
    /// <exception cref="FeedsException">The node refuses, or its answer cannot be read.</exception>
    public async Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(
            HttpMethod.Post, path)
        { Content = JsonContent.Create(body, options: StatusDocuments.Json) };
        return await SendAsync<TAnswer>(request, cancellationToken);
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode && ErrorIn(body) is { } error)
                throw new FeedsException($"the node says: {error} ({(int)response.StatusCode})");
            return JsonSerializer.Deserialize<T>(body, StatusDocuments.Json)
                ?? throw new FeedsException($"{_http.BaseAddress}: the answer is empty; is that a node?");
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnreachableException(
                $"no node answers at {_http.BaseAddress}: {PlainText.Of(e.InnerException?.Message ?? e.Message)}", e);
        }
        catch (JsonException e)
        {
            throw new FeedsException($"{_http.BaseAddress}: the answer cannot be read; is that a node?", e);
        }
    }

    private static string? ErrorIn(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<ErrorDocument>(body, StatusDocuments.Json)?.Error;
        }
        catch (JsonException)
        {
            return "(no reason given)";
        }
    }
}
