using System.Text.Json;
using Feeds.Simulator;

namespace Feeds.Tests.Simulator;

/// <summary>A plain HTTP client of a venue.</summary>
internal sealed class RestClient(VenueTwin venue) : IDisposable
{
    private readonly HttpClient _http =
        new() { BaseAddress = new Uri(venue.RestUrl), Timeout = TimeSpan.FromSeconds(30) };

    public Task<HttpResponseMessage> AskAsync(string path) => _http.GetAsync(path);

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await AskAsync(path);
        string body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(body).RootElement
            : throw new InvalidOperationException($"{(int)answer.StatusCode} {body}");
    }

    public async Task<(int Status, int Code)> FailAsync(string path)
    {
        using HttpResponseMessage answer = await AskAsync(path);
        string body = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode
            ? 0
            : JsonDocument.Parse(body).RootElement.GetProperty("code").GetInt32());
    }

    public async Task<int> WeightAfterAsync(string path)
    {
        using HttpResponseMessage answer = await AskAsync(path);
        return int.Parse(
            answer.Headers.GetValues("X-MBX-USED-WEIGHT-1M").Single(),
                System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _http.Dispose();
}
