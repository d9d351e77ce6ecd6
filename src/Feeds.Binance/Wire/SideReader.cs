using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>Reads the sides of a book, as the exchange writes them and no other way.</summary>
internal sealed class SideReader
{
    private bool _begun;

    /// <summary>Begins a new frame.</summary>
    public void Begin() => _begun = true;

    /// <summary>True when the side at <paramref name="p"/> was read; then <paramref name="p"/> stands behind it.</summary>
    public bool Read(ref byte f, ref nint p, nint length, Span<PriceLevel> levels, out int count)
    {
        nint end = LevelReader.Read(ref f, p, length, levels, out count);
        p = end;
        return end >= 0 && _begun;
    }
}
