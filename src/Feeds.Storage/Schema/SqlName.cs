using System.Text;

namespace Feeds.Storage.Schema;

/// <summary>
/// Names in SQL text. Values are parameters always; a name that is not a literal of ours goes through here.
/// </summary>
internal static class SqlName
{
    /// <summary>The most bytes that the server keeps of a name.</summary>
    public const int MaxBytes = 63;

    /// <summary>Returns a name in quotes, whatever it holds.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or has a NUL.</exception>
    public static string Quote(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)
            || Encoding.UTF8.GetByteCount(name) > MaxBytes)
        {
            throw new ArgumentException(
                $"a name in the database has 1 to {MaxBytes} bytes and no NUL, not '{name}'", nameof(name));
        }

        return '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
    }
}
