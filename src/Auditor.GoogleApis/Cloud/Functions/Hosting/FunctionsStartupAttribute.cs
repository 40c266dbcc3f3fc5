namespace Google.Cloud.Functions.Hosting;

/// <summary>Names a <see cref="FunctionsStartup"/> of the function's assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class, AllowMultiple = true)]
public sealed class FunctionsStartupAttribute(System.Type startupType) : Attribute
{
    public System.Type StartupType { get; set; } = startupType;

    /// <summary>Lower comes first; 0 when not set. Equal ones are ordered by type name.</summary>
    public int Order { get; set; }
}
