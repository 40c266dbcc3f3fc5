namespace Auditor.Model;

/// <summary>Looking things up in a resource's labels.</summary>
public static class LabelList
{
    /// <summary>The value of a label; null when there is no such label.</summary>
    public static string? Find(this ValueList<KeyValuePair<string, string>> labels, string key)
    {
        foreach (var label in labels)
        {
            if (label.Key == key)
            {
                return label.Value;
            }
        }

        return null;
    }
}
