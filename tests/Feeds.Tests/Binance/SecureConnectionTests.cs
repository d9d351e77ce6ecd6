using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Binance.Streams;
using Xunit;

namespace Feeds.Tests.Binance;

/// <summary>
/// A server that is not who it says, or a name that leads nowhere: a sentence, and nothing that was asked.
/// </summary>
public sealed class SecureConnectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_certificate_that_nobody_vouches_for_ends_the_connection_before_anything_is_asked(
        int validForDays)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new(
            "CN=fapi.binance.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset until = TimeProvider.System.GetUtcNow().AddDays(validForDays);
        using X509Certificate2 made = request.CreateSelfSigned(until.AddDays(-30), until);
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12), null);
        await using FakeExchange exchange = await FakeExchange.StartAsync(
            FakeExchange.Json("{\"serverTime\":1}"), certificate);
        BinanceUnreachableException rest =
            await Assert.ThrowsAsync<BinanceUnreachableException>(() => AskAsync(exchange.Rest));
        Assert.Contains("certificate", rest.Message, StringComparison.OrdinalIgnoreCase);
        StreamException stream = await Assert.ThrowsAsync<StreamException>(() => ConnectAsync(exchange.Stream));
        Assert.Equal(StreamFailure.Network, stream.Failure);
        Assert.Contains("certificate", stream.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(exchange.Requests);
    }

    [Fact]
    public async Task A_name_that_is_not_known_is_named()
    {
        BinanceUnreachableException rest =
            await Assert.ThrowsAsync<BinanceUnreachableException>(
                () => AskAsync(new Uri("https://no-such-host.invalid")));
        Assert.Equal("network", rest.Reason);
        Assert.Contains("no-such-host.invalid", rest.Message, StringComparison.Ordinal);
        StreamException stream =
            await Assert.ThrowsAsync<StreamException>(() => ConnectAsync(new Uri("wss://no-such-host.invalid")));
        Assert.Contains("no-such-host.invalid", stream.Message, StringComparison.Ordinal);
    }

    private static async Task AskAsync(Uri address)
    {
        using WeightPlanner planner = new(new WeightPlannerOptions(), TimeProvider.System);
        using BinanceRestClient client = new(
            new RestOptions { Address = address, Timeout = TimeSpan.FromSeconds(60) }, planner, TimeProvider.System,
            new Random(1));
        await client.GetTimeAsync(RequestPriority.Backfill, CancellationToken.None);
    }

    private static async Task ConnectAsync(Uri address)
    {
        await using StreamConnection connection = await StreamConnection.ConnectAsync(
            StreamEndpoint.For(address, StreamRoute.Public),
            new StreamConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(60) },
            TimeProvider.System,
            CancellationToken.None);
    }
}
