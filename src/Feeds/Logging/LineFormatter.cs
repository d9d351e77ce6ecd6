using System.Globalization;
using Feeds.Terminal;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Feeds.Logging;

/// <summary>
/// Writes an event as one line: time in UTC, level, source, message. Text from elsewhere cannot forge a line or command
/// a terminal: control characters come out as escapes. The lines of an exception follow, indented.
/// </summary>
internal sealed class LineFormatter(bool withDate, bool withTrace) : ITextFormatter
{
    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        string format = withDate ? "yyyy-MM-dd HH:mm:ss.fff" : "HH:mm:ss";
        output.Write(logEvent.Timestamp.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
        output.Write(Level(logEvent.Level));
        if (withDate && logEvent.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: string source })
        {
            output.Write(PlainText.Of(source));
            output.Write(": ");
        }
        output.Write(PlainText.Of(Message(logEvent)));
        if (logEvent.Exception is { } failure) Write(failure, output);
        output.Write('\n');
    }

    /// <summary>Returns the message with its values in, strings without quotes.</summary>
    public static string Message(LogEvent logEvent)
    {
        StringWriter text = new(CultureInfo.InvariantCulture);
        foreach (MessageTemplateToken token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property
                && logEvent.Properties.TryGetValue(property.PropertyName, out LogEventPropertyValue? value))
                value.Render(
                    text, value is ScalarValue { Value: string } ? "l" : property.Format, CultureInfo.InvariantCulture);
            else
                text.Write(token.ToString());
        }
        return text.ToString();
    }

    private static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => " TRACE ",
        LogEventLevel.Debug => " DEBUG ",
        LogEventLevel.Information => " INFO ",
        LogEventLevel.Warning => " WARNING ",
        _ => " ERROR ",
    };

    private void Write(Exception failure, TextWriter output)
    {
        if (!withTrace)
        {
            output.Write($" ({failure.GetType().Name}: {PlainText.Of(failure.Message)})");
            return;
        }
        foreach (string line in failure.ToString().Split('\n'))
        {
            output.Write("\n    ");
            output.Write(PlainText.Of(line.TrimEnd('\r')));
        }
    }
}
