using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Storage.Journals;

/// <summary>
/// Bits of a text, lowest first. Past its end come bits that mean nothing; whether they were taken, <see cref="IsOver"/> says.
/// </summary>
internal ref struct BrotliBits
{
    /// <summary>So many bytes must lie behind the text.</summary>
    public const int Slack = 16;

    private readonly ReadOnlySpan<byte> _text;
    private readonly int _last;
    private ulong _bits;
    private int _count;
    private int _position;

    /// <summary>Begins a text, behind which <see cref="Slack"/> bytes of any value lie in the span.</summary>
    public BrotliBits(ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(text.Length, Slack);
        _text = text;
        _last = text.Length - sizeof(ulong);
    }

    /// <summary>True when more bits were taken than there are.</summary>
    public readonly bool IsOver => Taken > 8L * (_text.Length - Slack);

    /// <summary>True when all bits were taken, and no more.</summary>
    public readonly bool IsAtEnd => Taken == 8L * (_text.Length - Slack);

    /// <summary>At least 56 bits after <see cref="Fill"/>, fewer after each <see cref="Skip"/>.</summary>
    public readonly ulong Bits => _bits;

    private readonly long Taken => (8L * _position) - _count;

    /// <summary>Makes sure of 56 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        // The position stays at most eight behind the end of the text: there, more bits than it has were taken already.
        _bits |= Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_text), _position)) << _count;
        _position = Math.Min(_position + ((63 - _count) >> 3), _last);
        _count |= 56;
    }

    /// <summary>Passes over bits that are there; only the low six bits of the count count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        _bits >>= count;
        _count -= count & 63;
    }

    /// <summary>Takes up to 32 bits that are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(int count)
    {
        int value = (int)(_bits & ((1UL << count) - 1));
        Skip(count);
        return value;
    }

    /// <summary>Takes up to 32 bits; fills before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FillAndTake(int count)
    {
        Fill();
        return Take(count);
    }

    /// <summary>Passes over what is left of a byte. False when it is not zero.</summary>
    public bool TryAlign() => FillAndTake((int)(-Taken & 7)) == 0;

    /// <summary>Copies the bytes that come next. False when there are not so many.</summary>
    public bool TryCopy(Span<byte> output)
    {
        long from = Taken / 8;
        if (from + output.Length > _text.Length - Slack)
        {
            return false;
        }

        _text.Slice((int)from, output.Length).CopyTo(output);
        _position = (int)from + output.Length;
        _bits = 0;
        _count = 0;
        return true;
    }
}
