using System.Text;
using Auditor.Changes;
using static Auditor.Tests.Changes.EventFixtures;

namespace Auditor.Tests.Changes;

public sealed class AuditEventReaderTests
{
    public static TheoryData<string, string> EnvelopesAndFixtures => new(
        from envelope in Envelopes.Keys from name in Names select (envelope, name));

    public static TheoryData<string> EnvelopeNames => new(Envelopes.Keys.Except(["bare", "page"]));

    /// <summary>What is no base64 of a JSON object, and the end of the sentence that says so.</summary>
    private static readonly (string Data, string Sentence)[] s_badData =
    [
        ("", "data is empty; the base64 of a LogEntry was expected"),
        ("***", "data is not base64; the base64 of a LogEntry was expected"),
        (Encode("hello"), "data decodes to something that is not JSON; a LogEntry was expected"),
        (Encode("{\"logName\":"), "data decodes to something that is not JSON; a LogEntry was expected"),
        (Encode("{} {}"), "data decodes to something that is not JSON; a LogEntry was expected"),
        (Encode("null"), "data is null; an object was expected"),
        (Encode("[]"), "data is a list; an object was expected"),
        (Encode("7"), "data is a number; an object was expected"),
        (Encode("{\"logName\":\"projects/p/logs/cloudaudit.googleapis.com%2Factivity\"}"), "data: protoPayload is missing; an object was expected"),
    ];

    [Theory]
    [MemberData(nameof(EnvelopesAndFixtures))]
    public void Read_SaysTheSame_InEveryEnvelope(string envelope, string name)
    {
        var bare = Assert.Single(AuditEventReader.Read(Json(name)));
        var wrapped = Assert.Single(AuditEventReader.Read(Envelopes[envelope](Encode(Json(name)))));

        Assert.Equal(bare, wrapped);
        Assert.IsNotType<AuditReading.NotUnderstood>(bare);
    }

    [Theory]
    [MemberData(nameof(EnvelopeNames))]
    public void Read_RefusesBadData_InEveryEnvelope(string envelope)
    {
        foreach (var (data, sentence) in s_badData)
        {
            // An envelope inside base64 escapes nothing; what it holds is reported under the inner path.
            var reading = Assert.IsType<AuditReading.NotUnderstood>(Assert.Single(AuditEventReader.Read(Envelopes[envelope](data))));
            Assert.EndsWith(sentence, reading.Reason, StringComparison.Ordinal);
            Assert.Null(reading.Line);
        }
    }

    [Theory]
    [MemberData(nameof(EnvelopeNames))]
    public void Read_LetsOtherMessagesGo_InEveryEnvelope(string envelope) =>
        Assert.Equal(new AuditReading.Irrelevant("the message is not a log entry"), Assert.Single(AuditEventReader.Read(Envelopes[envelope](Encode("{\"message\":\"hello\",\"id\":7}")))));

    [Theory]
    [InlineData("", "the text is empty; a LogEntry or an envelope with one was expected")]
    [InlineData(" \n ", "the text is empty; a LogEntry or an envelope with one was expected")]
    [InlineData("hello", "byte 1 is not JSON; a LogEntry or an envelope with one was expected")]
    [InlineData("{\"message\":", "byte 12 is not JSON; a LogEntry or an envelope with one was expected")]
    [InlineData("null", "the text is null; an object was expected")]
    [InlineData("\"text\"", "the text is a text; an object was expected")]
    [InlineData("[null]", "item 1 is null; an object was expected")]
    [InlineData("[[]]", "item 1 is a list; an object was expected")]
    [InlineData("{}", "the object is neither a LogEntry (logName, protoPayload) nor an envelope (message, data, data_base64, entries)")]
    [InlineData("{\"data\":null}", "data is null; a LogEntry, plain or as base64, was expected")]
    [InlineData("{\"data\":[]}", "data is a list; a LogEntry, plain or as base64, was expected")]
    [InlineData("{\"data_base64\":7}", "data_base64 is a number; a LogEntry, plain or as base64, was expected")]
    [InlineData("{\"message\":\"hi\"}", "message is a text; a Pub/Sub message was expected")]
    [InlineData("{\"message\":{\"messageId\":\"1\"}}", "message.data is missing; the base64 of a LogEntry was expected")]
    [InlineData("{\"message\":{\"data\":null}}", "message.data is null; a LogEntry, plain or as base64, was expected")]
    [InlineData("{\"data\":{\"message\":{\"attributes\":{}}}}", "data.message.data is missing; the base64 of a LogEntry was expected")]
    [InlineData("{\"logName\":\"\\ud800\"}", "the item holds a text that is not valid Unicode")]
    public void Read_RefusesWhatIsNoEnvelope(string text, string sentence) =>
        Assert.Equal(new AuditReading.NotUnderstood(sentence), Assert.Single(AuditEventReader.Read(text)));

    [Fact]
    public void Read_TakesUrlSafeAndUnpaddedBase64()
    {
        var data = Encode(Json("firewalls.insert.first", entry => entry["insertId"] = "~~~???>>>x")).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        Assert.IsType<AuditReading.Understood>(Assert.Single(AuditEventReader.Read(Envelopes["push"](data))));
    }

    [Fact]
    public void Read_TakesEscapedBase64() => Assert.IsType<AuditReading.Understood>(
        Assert.Single(AuditEventReader.Read(Envelopes["push"](Encode(Json("firewalls.insert.first")).Replace("e", "\\u0065", StringComparison.Ordinal)))));

    [Fact]
    public void Read_TakesLinesOneByOne()
    {
        var good = Json("firewalls.insert.first", _ => { });
        var readings = AuditEventReader.Read($"{good}\r\n\nnot json\n{good[..100]}\n{Envelopes["push"](Encode(good))}\n{{}}\n");

        Assert.Collection(
            readings,
            reading => Assert.IsType<AuditReading.Understood>(reading),
            reading => Assert.Equal("line 3: byte 2 is not JSON; a LogEntry or an envelope with one was expected", reading.ToString()),
            reading => Assert.Equal(4, Assert.IsType<AuditReading.NotUnderstood>(reading).Line),
            reading => Assert.IsType<AuditReading.Understood>(reading),
            reading => Assert.Equal(6, Assert.IsType<AuditReading.NotUnderstood>(reading).Line));
    }

    [Fact]
    public void Read_SurvivesABrokenFirstLine()
    {
        var good = Json("firewalls.insert.first", _ => { });

        Assert.Collection(
            AuditEventReader.Read($"{good[..100]}\n{good}"),
            reading => Assert.Equal(1, Assert.IsType<AuditReading.NotUnderstood>(reading).Line),
            reading => Assert.IsType<AuditReading.Understood>(reading));
    }

    [Fact]
    public void Read_TakesIndentedObjectsInARow() =>
        Assert.All(AuditEventReader.Read($"\uFEFF{Json("firewalls.insert.first")}\n{Json("firewalls.insert.last")}"), reading => Assert.IsType<AuditReading.Understood>(reading));

    [Fact]
    public void Read_NamesItemAndLineOfAList() => Assert.Collection(
        AuditEventReader.Read($"[\n{Json("firewalls.insert.first", _ => { })},\n{{\"logName\":\"x\"}},\n7]"),
        reading => Assert.IsType<AuditReading.Understood>(reading),
        reading => Assert.Equal("line 3: item 2: logName is \"x\"; a name such as projects/p/logs/cloudaudit.googleapis.com%2Factivity was expected", reading.ToString()),
        reading => Assert.Equal("line 4: item 3 is a number; an object was expected", reading.ToString()));

    [Fact]
    public void Read_GivesNothingForAnEmptyList()
    {
        Assert.Empty(AuditEventReader.Read("[]"));
        Assert.Empty(AuditEventReader.Read("{\"entries\":[]}"));
    }

    [Fact]
    public void Read_StopsUnwrapping()
    {
        var text = string.Concat(Enumerable.Repeat("{\"data\":", 50)) + "{}" + new string('}', 50);

        Assert.EndsWith("is wrapped more than 8 times; a LogEntry was expected", Assert.Single(AuditEventReader.Read(text)) is AuditReading.NotUnderstood refused ? refused.Reason : "", StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RefusesBytesThatAreNoText()
    {
        var bytes = Encoding.UTF8.GetBytes(Json("firewalls.insert.first", entry => entry["severity"] = "NOT!CE"));
        bytes[Array.IndexOf(bytes, (byte)'!')] = 0xFF;

        Assert.IsType<AuditReading.NotUnderstood>(Assert.Single(AuditEventReader.Read(bytes)));
    }
}
