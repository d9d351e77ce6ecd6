namespace Feeds.Core.Market;

/// <summary>Whose longs and shorts a <see cref="LongShortRatio"/> compares; the value is stable.</summary>
public enum RatioKind : byte
{
    /// <summary>Top traders, by accounts.</summary>
    TopAccounts = 0,

    /// <summary>Top traders, by positions.</summary>
    TopPositions = 1,

    /// <summary>All traders, by accounts.</summary>
    GlobalAccounts = 2,
}
