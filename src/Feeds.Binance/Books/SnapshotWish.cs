namespace Feeds.Binance.Books;

/// <summary>What a certified book wants a snapshot for.</summary>
public enum SnapshotWish
{
    /// <summary>It wants none.</summary>
    None,

    /// <summary>It is not valid without one.</summary>
    Restore,

    /// <summary>It is valid, but knows too few levels: the price has moved towards its horizon.</summary>
    Widen,

    /// <summary>It is to be held against one.</summary>
    Audit,
}
