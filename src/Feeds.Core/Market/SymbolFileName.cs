using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Feeds.Core.Market;

/// <summary>
/// The escaping of symbols in file names: percent signs and upper-case hexadecimal over the UTF-8 bytes.
/// </summary>
internal static class SymbolFileName
{
    // Windows opens the device for these names whatever the extension.
    private static readonly HashSet<string> Devices = new(StringComparer.Ordinal)
    {
        "CON", "PRN", "AUX", "NUL",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(string text)
    {
        StringBuilder name = new(text.Length + 8);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            bool plain = b is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_'
                or (byte)'-';
            if (plain && !(name.Length == 0 && Devices.Contains(text)))
            {
                name.Append((char)b);
            }
            else
            {
                name.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return name.ToString();
    }

    public static bool TryDecode(string name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        byte[] bytes = new byte[name.Length];
        int length = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != '%')
            {
                if (!char.IsAscii(name[i]))
                {
                    return false;
                }

                bytes[length++] = (byte)name[i];
                continue;
            }

            if (i + 2 >= name.Length || !byte.TryParse(
                name.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                return false;
            }

            length++;
            i += 2;
        }

        try
        {
            text = StrictUtf8.GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
