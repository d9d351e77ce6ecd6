using System.Runtime.CompilerServices;
using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// Reads one side of a book: <c>[["180.10","12.5"],["180.00","0"]]</c>, as the exchange writes it and no other way.
/// </summary>
internal static class LevelReader
{
    /// <summary>
    /// Reads the side that begins at <paramref name="position"/>, level by level. Returns where it ends (behind its
    /// bracket), or −1 when anything is unusual: then nothing that was written counts.
    /// </summary>
    public static nint Read(ref byte frame, nint position, nint length, Span<PriceLevel> levels, out int count)
    {
        count = 0;
        if (position + 2 > length || At(ref frame, position) != '[')
        {
            return -1;
        }

        position++;
        return At(ref frame, position) == ']' ? position + 1 : ReadOn(ref frame, position, length, levels, ref count);
    }

    /// <summary>
    /// Goes on with the level that begins at <paramref name="position"/>; otherwise as <see cref="Read"/>.
    /// </summary>
    public static nint ReadOn(ref byte frame, nint position, nint length, Span<PriceLevel> levels, ref int count)
    {
        while (true)
        {
            if (count == levels.Length || !ReadLevel(ref frame, ref position, length, out levels[count]))
            {
                return -1;
            }

            count++;
            byte next = At(ref frame, position++);
            if (next != ',')
            {
                return next == ']' ? position : -1;
            }
        }
    }

    // The shortest end of a frame behind a level is "]}}", so there is always a byte to look at behind what was read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ReadLevel(ref byte frame, ref nint position, nint length, out PriceLevel level)
    {
        level = default;
        nint at = position;
        if (at + 12 > length || Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref frame, at)) != (('"' << 8) | '['))
        {
            return false;
        }

        at += 2;
        int priceLength = DigitKernel.Read(ref frame, at, length, out long price, out int priceDecimals);
        at += priceLength;
        if (priceLength == 0 || at + 8 > length
            || (Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref frame, at)) & 0xFFFFFF) != 0x222C22)
        {
            return false;
        }

        at += 3;
        int quantityLength = DigitKernel.Read(ref frame, at, length, out long quantity, out int quantityDecimals);
        at += quantityLength;
        if (quantityLength == 0 || at + 3 > length
            || Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref frame, at)) != ((']' << 8) | '"'))
        {
            return false;
        }

        position = at + 2;
        level = new PriceLevel(
            price / DigitKernel.Power(priceDecimals), quantity / DigitKernel.Power(quantityDecimals));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte At(ref byte frame, nint position) => Unsafe.Add(ref frame, position);
}
