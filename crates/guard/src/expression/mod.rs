pub struct CheckedExpression; pub struct CustomFunction; pub struct Expression; pub struct ExpressionRules; pub fn check_expression(){}
