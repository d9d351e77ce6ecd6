using Feeds.Binance.Limits;
using Feeds.Binance.Streams;
using Xunit;

namespace Feeds.Tests.Binance.Limits;

public sealed class ExchangeAddressTests
{
    [Theory]
    [InlineData("https://fapi.binance.com")]
    [InlineData("http://127.0.0.1:9001")]
    [InlineData("http://localhost:9001/")]
    [InlineData("http://[::1]:9001/")]
    public void Encrypted_addresses_and_those_of_this_machine_are_taken(string address) =>
        ExchangeAddress.RequireRest(new Uri(address));

    [Theory]
    [InlineData("http://fapi.binance.com")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("wss://fstream.binance.com")]
    [InlineData("https://user:secret@fapi.binance.com")]
    [InlineData("https://fapi.binance.com?x=1")]
    public void Other_addresses_are_refused(string address) =>
        Assert.Throws<ExchangeAddressException>(() => ExchangeAddress.RequireRest(new Uri(address)));

    [Theory]
    [InlineData("ws://fstream.binance.com")]
    [InlineData("https://fstream.binance.com")]
    public void Streams_are_encrypted_or_of_this_machine(string address) =>
        Assert.Throws<ExchangeAddressException>(() => StreamEndpoint.For(new Uri(address), StreamRoute.Market));

    [Theory]
    [InlineData("wss://fstream.binance.com", StreamRoute.Public, "wss://fstream.binance.com/public/stream")]
    [InlineData("wss://fstream.binance.com/", StreamRoute.Market, "wss://fstream.binance.com/market/stream")]
    [InlineData("ws://127.0.0.1:9001", StreamRoute.Market, "ws://127.0.0.1:9001/market/stream")]
    public void Each_route_has_its_path(string address, StreamRoute route, string expected) =>
        Assert.Equal(expected, StreamEndpoint.For(new Uri(address), route).Address.AbsoluteUri);
}
