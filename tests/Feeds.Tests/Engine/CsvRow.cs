namespace Feeds.Tests.Engine;

/// <summary>A line of the row file, cut at its commas: no value of these tests has one inside.</summary>
internal sealed record CsvRow(string Timestamp, string Symbol, string[] Values, string[] Errors)
{
    public static CsvRow Parse(string line)
    {
        string[] cells = line.TrimEnd('\r').Split(',');
        return new CsvRow(
            cells[0], cells[1], cells[2..11], cells[11].Split(';', StringSplitOptions.RemoveEmptyEntries));
    }
}
