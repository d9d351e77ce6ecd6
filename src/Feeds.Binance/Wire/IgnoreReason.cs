namespace Feeds.Binance.Wire;

/// <summary>Why a well-formed message is not for us.</summary>
public enum IgnoreReason : byte
{
    /// <summary>It was not ignored.</summary>
    None = 0,

    /// <summary>Its symbol is not in the decoder's <see cref="SymbolTable"/>.</summary>
    UnknownSymbol = 1,

    /// <summary>Its event type is not understood; counted by name in <see cref="SchemaDrift"/>.</summary>
    UnknownEvent = 2,

    /// <summary>
    /// It is of a coin-margined contract (<c>st</c> = 2): its quantities are contracts of 10 or 100 USD.
    /// </summary>
    CoinMargined = 3,

    /// <summary>It is of a market (<c>st</c>) that is neither USD-M nor coin-margined.</summary>
    OtherMarket = 4,

    /// <summary>It is a bar of another interval than one minute.</summary>
    OtherInterval = 5,

    /// <summary>It is an array over all symbols.</summary>
    AllSymbols = 6,
}
