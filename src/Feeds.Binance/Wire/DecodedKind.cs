namespace Feeds.Binance.Wire;

/// <summary>What a frame turned out to be.</summary>
public enum DecodedKind : byte
{
    /// <summary>Nothing was decoded yet: the default value of the struct.</summary>
    None = 0,

    /// <summary>An event for a symbol's actor: <see cref="DecodedMessage.Event"/>.</summary>
    Event = 1,

    /// <summary>A bar that still forms: its stream lives, but there is nothing to apply.</summary>
    FormingBar = 2,

    /// <summary>A change of the order book: <see cref="DecodedMessage.Delta"/>.</summary>
    BookDelta = 3,

    /// <summary>A contract was listed or changed: <see cref="DecodedMessage.Contract"/>.</summary>
    Contract = 4,

    /// <summary>
    /// A request was acknowledged: <see cref="DecodedMessage.RequestId"/>. It proves nothing: wrong names are
    /// acknowledged too.
    /// </summary>
    Acknowledgement = 5,

    /// <summary>
    /// A request was refused: <see cref="DecodedMessage.ErrorCode"/> and <see cref="DecodedMessage.ErrorText"/>.
    /// </summary>
    RequestError = 6,

    /// <summary>The server says that it will close the connection.</summary>
    Shutdown = 7,

    /// <summary>Well formed, but not for us: <see cref="DecodedMessage.Ignored"/> says why.</summary>
    Ignored = 8,

    /// <summary>Broken: <see cref="DecodedMessage.Malformed"/> says how. Nothing of it was taken.</summary>
    Malformed = 9,
}
