using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Feeds.Core.Books;

namespace Feeds.Storage.Journals;

/// <summary>
/// Gives books back from what a <see cref="BookDeltaWriter"/> wrote. What the next step does cannot be foreseen, by a
/// processor either, so steps are taken without branches: levels that stay are copied by fours, and a level is always
/// written and counted if it is one.
/// </summary>
internal sealed class BookDeltaReader
{
    // So many levels are copied at once, and so many behind the last of a side may be read and written.
    private const int Chunk = 4;
    private const int Slack = Chunk;

    private Held _book = new(64);
    private Held _old = new(64);

    /// <summary>Forgets the book before.</summary>
    public void Clear() => _book.Levels.SetCounts(0, 0);

    /// <summary>Returns the next book, valid until the one after the next is read.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="prices">The prices of levels that come in; loaded with room for as many as there are steps.</param>
    /// <param name="quantities">The quantities that are new; loaded with room for as many as there are steps.</param>
    public BookLevels Next(ref ByteColumnReader steps, NumberColumnReader prices, NumberColumnReader quantities)
    {
        (_book, _old) = (_old, _book);
        if (_book.Levels.Capacity < _old.Levels.Capacity)
        {
            _book = new Held(_old.Levels.Capacity);
        }

        int bids = ReadSide(isBid: true, ref steps, prices, quantities);
        int asks = ReadSide(isBid: false, ref steps, prices, quantities);
        _book.Levels.SetCounts(bids, asks);
        return _book.Levels;
    }

    // All references move on with what they point at; `left` and `room` are how far those into the old and the new side
    // may.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadSide(
        bool isBid, ref ByteColumnReader steps, NumberColumnReader prices, NumberColumnReader quantities)
    {
        nint left = isBid ? _old.Levels.BidCount : _old.Levels.AskCount;
        nint room = _book.Levels.Capacity - Slack;
        ReadOnlySpan<byte> rest = steps.Rest;
        ref long price = ref prices.Rest(rest.Length);
        ref long quantity = ref quantities.Rest(rest.Length);
        ref PriceLevel old = ref _old.LevelsOf(isBid);
        ref long oldNumber = ref _old.NumbersOf(isBid);
        ref PriceLevel level = ref _book.LevelsOf(isBid);
        ref long number = ref _book.NumbersOf(isBid);
        Unsafe.Add(ref number, -1) = left > 0 ? oldNumber : 0;
        long isDistance = prices.IsDistance ? -1 : 0;
        double power = prices.Power;
        for (int s = 0; s < rest.Length; s++)
        {
            int step = rest[s];
            nint stay = step & BookDeltaWriter.MaxStay;

            // End 0, new quantity 1, insert 2, remove 3: two of them take an old level away, two give a new one.
            nint takes = (step >> 6) & 1;
            nint gives = ((step >> 6) ^ (step >> 7)) & 1;
            left -= stay + takes;
            room -= stay + gives;
            if ((left | room) < 0)
            {
                if (left < 0)
                {
                    throw new JournalFormatException(
                        $"{stay + takes} levels stay or change where {left + stay + takes} are left");
                }

                int filled = _book.Levels.Capacity - Slack - (int)(room + stay + gives);
                room += Grow(isBid, filled);
                level = ref Unsafe.Add(ref _book.LevelsOf(isBid), filled);
                number = ref Unsafe.Add(ref _book.NumbersOf(isBid), filled);
            }

            Copy(ref old, ref level, ref oldNumber, ref number);
            if (stay > Chunk)
            {
                for (nint done = Chunk; done < stay; done += Chunk)
                {
                    Copy(
                        ref Unsafe.Add(ref old, done), ref Unsafe.Add(ref level, done),
                        ref Unsafe.Add(ref oldNumber, done), ref Unsafe.Add(ref number, done));
                }
            }

            if (step < BookDeltaWriter.MaxStay)
            {
                steps.Take(s + 1);
                prices.TakeTo(ref price);
                quantities.TakeTo(ref quantity);
                return _book.Levels.Capacity - Slack - (int)room;
            }

            // What it is stored as gives the price of the level that was there to the bit, too.
            nint inserts = gives & ~takes;
            long stays = inserts - 1;
            long inserted = price + (Unsafe.Add(ref number, stay - 1) & isDistance);
            long stored = (Unsafe.Add(ref oldNumber, stay) & stays) | (inserted & ~stays);
            Unsafe.Add(ref number, stay) = stored;
            Unsafe.Add(ref level, stay) = new PriceLevel(
                isDistance != 0
                    ? stored / power : BitConverter.Int64BitsToDouble(stored),
                    BitConverter.Int64BitsToDouble(quantity));
            old = ref Unsafe.Add(ref old, stay + takes);
            oldNumber = ref Unsafe.Add(ref oldNumber, stay + takes);
            level = ref Unsafe.Add(ref level, stay + gives);
            number = ref Unsafe.Add(ref number, stay + gives);
            price = ref Unsafe.Add(ref price, inserts);
            quantity = ref Unsafe.Add(ref quantity, gives);
        }

        throw new JournalFormatException("a column ends early");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref PriceLevel old, ref PriceLevel level, ref long oldNumber, ref long number)
    {
        Vector512.LoadUnsafe(ref Unsafe.As<PriceLevel, double>(ref old)).StoreUnsafe(
            ref Unsafe.As<PriceLevel, double>(ref level));
        Vector256.LoadUnsafe(ref oldNumber).StoreUnsafe(ref number);
    }

    // Also when only one side is larger than any before: the other one is copied along. Returns for how many more there
    // is room.
    private int Grow(bool isBid, int filled)
    {
        if (filled >= EventCodec.MaxLevels)
        {
            throw new JournalFormatException($"a book of more than {EventCodec.MaxLevels} levels");
        }

        int capacity = _book.Levels.Capacity;
        Held larger = new(capacity * 2);
        _book.CopyTo(larger, isBid ? filled : capacity, isBid ? 0 : filled);
        _book = larger;
        return capacity;
    }

    /// <summary>A book, and for each level the whole number that its price is stored as.</summary>
    private sealed class Held(int capacity)
    {
        // One more before the first: what the price of a level above all others is stored against.
        private readonly long[] _bids = new long[capacity + 1];
        private readonly long[] _asks = new long[capacity + 1];

        public BookLevels Levels { get; } = new(capacity);

        public ref PriceLevel LevelsOf(bool isBid) =>
            ref MemoryMarshal.GetReference(isBid ? Levels.BidBuffer : Levels.AskBuffer);

        public ref long NumbersOf(bool isBid) => ref (isBid ? _bids : _asks)[1];

        public void CopyTo(Held other, int bids, int asks)
        {
            Levels.BidBuffer[..bids].CopyTo(other.Levels.BidBuffer);
            Levels.AskBuffer[..asks].CopyTo(other.Levels.AskBuffer);
            _bids.AsSpan(0, bids + 1).CopyTo(other._bids);
            _asks.AsSpan(0, asks + 1).CopyTo(other._asks);
        }
    }
}
