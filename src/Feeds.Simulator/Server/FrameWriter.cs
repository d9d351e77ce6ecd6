using System.Buffers.Text;
using System.Text;

namespace Feeds.Simulator.Server;

/// <summary>
/// A growing buffer of UTF-8 text, written front to back and used again. Not safe from several threads.
/// </summary>
internal sealed class FrameWriter
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Appends bytes as they are.</summary>
    public FrameWriter Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    /// <summary>Appends text as it is; it must need no escaping.</summary>
    public FrameWriter Text(string text)
    {
        Room(text.Length * 3);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        return this;
    }

    /// <summary>Appends a whole number.</summary>
    public FrameWriter Number(long value)
    {
        Room(20);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out int written);
        _length += written;
        return this;
    }

    /// <summary>Appends a decimal number with exactly <paramref name="decimals"/> digits after the point.</summary>
    public FrameWriter Fixed(Int128 units, int decimals)
    {
        Room(60);
        if (units < 0)
        {
            _bytes[_length++] = (byte)'-';
            units = -units;
        }

        Span<byte> digits = stackalloc byte[48];
        int at = digits.Length;
        if (units <= long.MaxValue)
        {
            for (long rest = (long)units; rest != 0; rest /= 10)
            {
                digits[--at] = (byte)('0' + (rest % 10));
            }
        }
        else
        {
            for (; units != 0; units /= 10)
            {
                digits[--at] = (byte)('0' + (int)(units % 10));
            }
        }

        while (digits.Length - at <= decimals)
        {
            digits[--at] = (byte)'0';
        }

        Raw(digits[at..^decimals]);
        return decimals == 0 ? this : Raw("."u8).Raw(digits[^decimals..]);
    }

    /// <summary>Appends a decimal number in quotes, as the venue writes prices and quantities.</summary>
    public FrameWriter Quoted(Int128 units, int decimals) => Raw("\""u8).Fixed(units, decimals).Raw("\""u8);

    /// <summary>Appends <c>true</c> or <c>false</c>.</summary>
    public FrameWriter Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Takes back the last byte, such as a comma too many.</summary>
    public void Drop() => _length--;

    private void Room(int more)
    {
        if (_length + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
        }
    }
}
