namespace Feeds.Engine;

/// <summary>What became of a request to watch a symbol or to watch it no longer.</summary>
public enum SymbolChange
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>It is watched already, or was not watched.</summary>
    NothingToDo,

    /// <summary>The exchange does not list it.</summary>
    NotListed,

    /// <summary>The exchange lists it, but does not trade it now.</summary>
    NotTrading,

    /// <summary>The exchange's list was not read yet; try again.</summary>
    ListUnknown,
}
