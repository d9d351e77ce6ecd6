using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Microsoft.AspNetCore.Http;

namespace Feeds.Tests.Binance.Rest;

/// <summary>A client, its planner and the server it talks to.</summary>
internal sealed class RestFixture : IAsyncDisposable
{
    private RestFixture(FakeExchange exchange, TimeProvider time, RestOptions? options)
    {
        Exchange = exchange;
        Planner = new WeightPlanner(new WeightPlannerOptions(), time);
        Client = new BinanceRestClient(
            (options ?? new RestOptions { Address = exchange.Rest }) with { Address = exchange.Rest }, Planner, time,
            new Random(5));
    }

    public FakeExchange Exchange { get; }

    public WeightPlanner Planner { get; }

    public BinanceRestClient Client { get; }

    public static async Task<RestFixture> StartAsync(
        Func<HttpContext, Task> answer, TimeProvider? time = null, RestOptions? options = null) =>
        new(await FakeExchange.StartAsync(answer), time ?? TimeProvider.System, options);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Planner.Dispose();
        await Exchange.DisposeAsync();
    }
}
