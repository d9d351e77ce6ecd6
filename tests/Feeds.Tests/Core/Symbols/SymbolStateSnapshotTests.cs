using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

public sealed class SymbolStateSnapshotTests
{
    private static readonly Symbol Btc = Symbol.Parse("BTCUSDT");

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 7)]
    [InlineData(3, 500)]
    [InlineData(4, 5_000)]
    public void A_loaded_state_is_the_saved_one_and_goes_on_as_it(int seed, int events)
    {
        (SymbolState state, RandomMarket market) = Fold(seed, events);
        SymbolState loaded = new(Btc);
        Assert.True(loaded.TryLoad(new StateReader(Saved(state))));
        Assert.Equal(StateFingerprint.Of(state), StateFingerprint.Of(loaded));
        for (int i = 0; i < 2_000; i++)
        {
            MarketEvent e = market.Next();
            Assert.Equal(state.Admit(e), loaded.Admit(e));
            if (state.Admit(e) == Admission.Accepted)
            {
                Assert.Equal(state.Apply(e), loaded.Apply(e));
            }
        }

        Assert.Equal(StateFingerprint.Of(state), StateFingerprint.Of(loaded));
    }

    [Fact]
    public void Settings_with_context_come_back()
    {
        SymbolState state = new(Btc);
        SymbolSettings settings = new(5_000, 7, 3)
        {
            Features = true,
            Context = new ContextSymbols(Btc, Symbol.Parse("ETHUSDT"), [Symbol.Parse("币安人生USDT"), Btc]),
        };
        state.Apply(MarketEvent.ForSettings(settings, 1));
        SymbolState loaded = new(Btc);
        Assert.True(loaded.TryLoad(new StateReader(Saved(state))));
        Assert.Equal(settings, loaded.Settings);
    }

    [Fact]
    public void The_state_of_another_symbol_is_not_taken() =>
        Assert.False(new SymbolState(Symbol.Parse("ETHUSDT")).TryLoad(new StateReader(Saved(Fold(5, 100).State))));

    [Fact]
    public void A_state_that_lacks_a_section_or_has_another_version_of_it_is_not_taken()
    {
        byte[] saved = Saved(Fold(6, 300).State);
        int at = saved.AsSpan().IndexOf("liquidations"u8);
        byte[] otherVersion = [.. saved];
        otherVersion[at + "liquidations".Length]++;
        Assert.False(new SymbolState(Btc).TryLoad(new StateReader(otherVersion)));
        byte[] otherName = [.. saved];
        otherName[at]++;
        Assert.False(new SymbolState(Btc).TryLoad(new StateReader(otherName)));
    }

    [Fact]
    public void A_state_cut_anywhere_is_refused()
    {
        byte[] saved = Saved(Fold(7, 300).State);
        for (int length = 0; length < saved.Length; length += length < 300 ? 1 : 37)
        {
            bool taken;
            try
            {
                taken = new SymbolState(Btc).TryLoad(new StateReader(saved.AsSpan(0, length)));
            }
            catch (StateFormatException)
            {
                taken = false;
            }

            Assert.False(taken);
        }
    }

    private static byte[] Saved(SymbolState state)
    {
        StateWriter writer = new();
        state.Save(writer);
        return writer.Written.ToArray();
    }

    private static (SymbolState State, RandomMarket Market) Fold(int seed, int events)
    {
        SymbolState state = new(Btc);
        RandomMarket market = new(seed);
        for (int i = 0; i < events; i++)
        {
            MarketEvent e = market.Next();
            if (state.Admit(e) == Admission.Accepted)
            {
                state.Apply(e);
            }
        }

        return (state, market);
    }
}
