using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// A hash over every private field of an object and of what it holds: two states are equal when theirs is.
/// </summary>
internal static class StateFingerprint
{
    public static string Of(object state)
    {
        StringBuilder text = new();
        Write(state, text, new HashSet<object>(ReferenceEqualityComparer.Instance));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Write(object? value, StringBuilder text, HashSet<object> seen)
    {
        switch (value)
        {
            case null:
                text.Append("null;");
                return;
            case double d:
                text.Append(BitConverter.DoubleToInt64Bits(d).ToString("X", CultureInfo.InvariantCulture)).Append(';');
                return;
            case string or decimal or Enum:
                text.Append(CultureInfo.InvariantCulture, $"{value};");
                return;
            case Delegate or Type:
                return;
        }

        Type type = value.GetType();
        if (type.IsPrimitive)
        {
            text.Append(CultureInfo.InvariantCulture, $"{value};");
            return;
        }

        if (!type.IsValueType && !seen.Add(value))
        {
            text.Append("seen;");
            return;
        }

        if (value is double[] doubles)
        {
            WriteDoubles(doubles, text);
            return;
        }

        if (value is IEnumerable items)
        {
            text.Append('[');
            foreach (object? item in items)
            {
                Write(item, text, seen);
            }

            text.Append(']');
            return;
        }

        text.Append(type.Name).Append('{');
        for (Type? t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            foreach (FieldInfo field in t.GetFields(
                BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                text.Append(field.Name).Append('=');
                Write(field.GetValue(value), text, seen);
            }
        }

        text.Append('}');
    }

    private static void WriteDoubles(double[] values, StringBuilder text)
    {
        HashAlgorithmName name = HashAlgorithmName.SHA256;
        using IncrementalHash hash = IncrementalHash.CreateHash(name);
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        text.Append(Convert.ToHexString(hash.GetHashAndReset())).Append(';');
    }
}
